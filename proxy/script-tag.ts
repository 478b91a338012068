/** The widget's script element as HTML. Pure. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** Safe between double quotes, also in a page that some tool reads line by line. */
const escape = (value: string): string =>
  value.replaceAll(/[&<>"\n\r]/g, (character) => ENTITIES[character] ?? "");

/** On one line when there is nothing but its source. */
export function renderTag(src: string, attributes: Readonly<Record<string, string>>): string {
  const pairs = Object.entries({ src, ...attributes }).map(
    ([name, value]) => `${name}="${escape(value)}"`,
  );
  if (pairs.length === 1) return `<script async ${pairs.join("")}></script>`;
  return `<script\n${["async", ...pairs].map((part) => `  ${part}`).join("\n")}\n></script>`;
}
