import { describe, expect, test } from "vitest";
import { toLine, toPrintable } from "../../../../proxy/cli/printable.ts";

describe("text for a terminal", () => {
  test.each([
    ["a colour", "\u001b[31mred", "[31mred"],
    ["a window title", "\u001b]0;title\u0007after", "]0;titleafter"],
    ["a C1 control", "a\u009b2Jb", "a2Jb"],
    ["a carriage return that hides what was before", "safe\revil", "safeevil"],
    ["a backspace and a delete", "a\b\u007fb", "ab"],
  ])("has lost %s", (_, text, printable) => {
    expect(toPrintable(text)).toBe(printable);
  });

  test("keeps lines, tabs and every letter", () => {
    expect(toPrintable("Grüße\n\t你好 👋🏽")).toBe("Grüße\n\t你好 👋🏽");
  });

  test("on one line has single spaces, and an ellipsis when it is cut", () => {
    expect(toLine(" one\n two\tthree ")).toBe("one two three");
    expect(toLine("one two three", 7)).toBe("one tw…");
    expect(toLine("👋👋👋", 2)).toBe("👋…");
  });
});
