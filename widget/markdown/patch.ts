import type { Tree, TreeElement } from "./tree.ts";

/**
 * Makes the content of `parent`, but for its first `skipped` nodes, equal to the tree. What is
 * equal already is left alone and text grows in place, so a selection outlives the next piece of
 * an answer.
 */
export function patch(parent: Element, tree: readonly Tree[], skipped = 0): void {
  for (const [index, node] of tree.entries()) {
    const old = parent.childNodes[skipped + index];
    const patched = typeof node === "string" ? patchText(old, node) : patchElement(old, node);
    if (!old) parent.append(patched);
    else if (old !== patched) old.replaceWith(patched);
  }
  while (parent.childNodes.length > skipped + tree.length) parent.lastChild?.remove();
}

function patchText(old: Node | undefined, text: string): Node {
  if (!(old instanceof Text)) return new Text(text);
  const { data } = old;
  let kept = 0;
  while (kept < data.length && data[kept] === text[kept]) kept++;
  if (data !== text) old.replaceData(kept, data.length, text.slice(kept));
  return old;
}

/** Others may add attributes, so none is removed: what would have one too many gives way. */
function patchElement(old: Node | undefined, { tag, attributes, children }: TreeElement): Node {
  const isSame =
    old instanceof Element &&
    old.localName === tag &&
    ["href", "title"].every((name) => [null, attributes[name]].includes(old.getAttribute(name)));
  const element = isSame ? old : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  patch(element, children);
  return element;
}
