// @vitest-environment jsdom
import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { renderXml } from "../../../../proxy/e2e/xml.ts";

const isCharacter = (character: string): boolean =>
  /^[\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u.test(character);

/** What a document can hold of it. */
const toReadable = (text: string): string =>
  [...text].map((character) => (isCharacter(character) ? character : "\ufffd")).join("");

test("any text comes back out of an attribute and an element as it was", () => {
  assert(
    property(string({ unit: "binary" }), string({ unit: "binary" }), (value, text) => {
      const xml = renderXml({ name: "a", attributes: { value }, text });
      const { documentElement } = new DOMParser().parseFromString(xml, "application/xml");
      expect(documentElement.getAttribute("value")).toBe(toReadable(value));
      expect(documentElement.textContent).toBe(toReadable(text));
    }),
  );
});
