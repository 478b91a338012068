import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { corpus } from "../../fixtures/markdown/corpus.ts";
import { render } from "./render.ts";

const tags = new Set(
  "a blockquote br button code del div em h3 h4 h5 h6 hr li ol p pre span strong table tbody td th thead tr ul".split(
    " ",
  ),
);
const attributes = new Set(
  "aria-label aria-live class dir href rel role start tabindex target title type".split(" "),
);

/** Whatever in the tree could run, load or restyle something. */
function dangersIn(root: Element): string[] {
  return Array.from(root.querySelectorAll("*"), (element) => {
    const names = element.getAttributeNames().filter((name) => !attributes.has(name));
    const address = element.getAttribute("href");
    const allowed = address === null || /^(?:https?|mailto|tel):/.test(address);
    if (tags.has(element.localName) && names.length === 0 && allowed) return [];
    return [element.outerHTML];
  }).flat();
}

it.each(corpus)("makes nothing but harmless elements of %s", (_name, text) => {
  expect(dangersIn(render([text]))).toEqual([]);
  expect(dangersIn(render(text.match(/[^]{1,9}/g) ?? []))).toEqual([]);
});

it("makes nothing but harmless elements of random payloads", () => {
  const parts = constantFrom(
    ..."[a]( ![a]( javascript:alert(1) data:text/html,x ) <img src=x onerror=alert(1)> <a href= \" ' > < https:// \n ` * | &#58; \\ \u0001 \t".split(
      " ",
    ),
  );
  const payload = array(parts, { maxLength: 30 }).map((list) => list.join(""));
  assert(
    property(payload, (text) => dangersIn(render([text])).length === 0),
    { numRuns: 500 },
  );
});

describe("a link", () => {
  it("opens apart from the page and tells it nothing", () => {
    const link = render(["[a](https://example.com)"]).querySelector("a");
    expect(link?.target).toBe("_blank");
    expect(link?.rel).toBe("noopener noreferrer nofollow");
  });

  it("takes the place of an image, so that nothing is fetched without a click", () => {
    const root = render(["![logo](https://evil.example/pixel.gif?stolen=secret)"]);
    expect(root.querySelector("img")).toBeNull();
    expect(root.querySelector("a")?.textContent).toBe("logo");
  });
});
