/** The tag that `lex-chat snippet` prints, as a browser's parser reads it. */
import { expect, test } from "vitest";
import { renderTag } from "../../proxy/script-tag.ts";

const SRC = "https://chat.example.com/widget.js";

function parse(html: string): Record<string, string> {
  const body = new DOMParser().parseFromString(html, "text/html");
  const [script, ...others] = body.querySelectorAll("*:not(html, head, body)");
  expect(others).toEqual([]);
  expect(body.body.textContent).toBe("");
  const attributes = [...(script?.attributes ?? [])];
  return Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
}

test("a tag without branding is one line", () => {
  expect(renderTag(SRC, {})).toBe(`<script async src="${SRC}"></script>`);
});

test.each([
  `Ada & "Bob"`,
  "it's",
  "</script><img src=x onerror=alert(1)>",
  `" onload="alert(1)`,
  "&quot;&amp;",
  "two\nlines\r\n\tand a tab",
  "Grüße 👋 你好",
])("the value %j reaches the page as it is", (value) => {
  expect(parse(renderTag(SRC, { "data-agent-name": value }))).toEqual({
    async: "",
    src: SRC,
    "data-agent-name": value,
  });
});
