import { createMarkdown } from "../../../widget/markdown/index.ts";

/** A text that grows by `append` and is complete with `end`. */
export function start() {
  const parent = document.createElement("div");
  const draw = createMarkdown(parent, { copy: "Copy", copied: "Copied" });
  let text = "";
  return {
    parent,
    draw,
    append(part: string): void {
      text += part;
      draw(text, true);
    },
    end: (): void => draw(text, false),
  };
}

/** What is in the DOM once all parts have come. */
export function render(parts: readonly string[]): Element {
  const { parent, append, end } = start();
  for (const part of parts) append(part);
  end();
  return parent;
}

/** The tree in short: code blocks and tables without their frames, attributes that carry content. */
export function outline(node: Node): string {
  const content = Array.from(node.childNodes, outline).join("");
  if (!(node instanceof Element)) return node.textContent ?? "";
  if (node.matches(".table")) return content;
  if (node.matches(".code")) {
    const language = node.querySelector(".language")?.textContent;
    return `<pre${language ? ` ${language}` : ""}>${node.querySelector("code")?.textContent}</pre>`;
  }
  const shown = ["href", "title", "start", "class"].filter((name) => node.hasAttribute(name));
  const attributes = shown.map((name) => ` ${name}="${node.getAttribute(name)}"`).join("");
  const tag = node.localName;
  return /^[bh]r$/.test(tag) ? `<${tag}>` : `<${tag}${attributes}>${content}</${tag}>`;
}

export function outlineOf(text: string): string {
  return outlineIn(render([text]));
}

export function outlineIn(parent: Element): string {
  return Array.from(parent.childNodes, outline).join("");
}
