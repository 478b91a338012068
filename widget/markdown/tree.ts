/** What Markdown becomes: text, and elements around it. */
export type Tree = string | TreeElement;

export type TreeElement = { tag: string; attributes: Attributes; children: Tree[] };

export type Attributes = Record<string, string>;

export function element(
  tag: string,
  children: Tree[] = [],
  attributes: Attributes = {},
): TreeElement {
  return { tag, attributes, children };
}
