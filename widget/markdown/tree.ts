/** What Markdown becomes: text, and elements around it. */
export type Tree = string | TreeElement;

export type TreeElement = { tag: string; attributes: Attributes; children: Tree[] };

export type Attributes = Record<string, string>;

/** Signs, edges and columns begin where the text's own language begins, whatever the page's. */
export const AUTO: Attributes = { dir: "auto" };

export function element(
  tag: string,
  children: Tree[] = [],
  attributes: Attributes = {},
): TreeElement {
  return { tag, attributes, children };
}
