/** XML 1.0 of elements, attributes and text. Pure. */

export type Element = {
  name: string;
  attributes: Readonly<Record<string, string | number>>;
  children?: readonly Element[];
  text?: string;
};

/** What no XML document can hold, however it is escaped (https://www.w3.org/TR/xml/#charsets). */
const FORBIDDEN =
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const REPLACEMENT = "\ufffd";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const escapeText = (text: string): string =>
  text
    .replaceAll(FORBIDDEN, REPLACEMENT)
    .replaceAll(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)
    .replaceAll("\r", "&#13;");

/** Line breaks too: a reader makes spaces of them in an attribute. */
const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");

export const renderXml = (root: Element): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, "")}\n`;

function render({ name, attributes, children = [], text }: Element, indent: string): string {
  const start = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`,
  );
  const tag = `${indent}<${name}${start.join("")}`;
  if (text !== undefined) return `${tag}>${escapeText(text)}</${name}>`;
  if (children.length === 0) return `${tag}/>`;
  const inner = children.map((child) => render(child, `${indent}  `));
  return [`${tag}>`, ...inner, `${indent}</${name}>`].join("\n");
}
