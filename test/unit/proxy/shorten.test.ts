import * as fc from "fast-check";
import { expect, test } from "vitest";
import { shorten } from "../../../proxy/routes/shorten.ts";

const FAMILY = "👩‍👩‍👧";

test.each([
  ["a short text", "Hello", 5, "Hello"],
  ["a long text", "Hello", 4, "Hell"],
  ["a pair that fits", "ab😀", 4, "ab😀"],
  ["a pair that does not fit", "ab😀c", 3, "ab"],
  ["a pair that just fits", "ab😀c", 4, "ab😀"],
  ["a letter with its accent", "abe\u0301c", 3, "ab"],
  ["joined signs", `a${FAMILY}b`, FAMILY.length, "a"],
  ["joined signs that just fit", `a${FAMILY}b`, FAMILY.length + 1, `a${FAMILY}`],
  ["flags", "🇩🇪🇫🇷", 6, "🇩🇪"],
])("%s is cut where it can be", (_name, text, maximum, expected) => {
  expect(shorten(text, maximum)).toBe(expected);
});

test("what is left is the beginning, not longer than asked, and well-formed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, most) => {
      const short = shorten(text, most);
      expect(text.startsWith(short)).toBe(true);
      expect(short.length).toBeLessThanOrEqual(most);
      expect(short.isWellFormed()).toBe(true);
    }),
  );
});
