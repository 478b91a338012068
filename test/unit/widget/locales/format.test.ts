import { describe, expect, it } from "vitest";
import { format, formatCount } from "../../../../widget/locales/format.ts";

describe("format", () => {
  it.each([
    ["By {agent}", "Marlow", "By Marlow"],
    ["{a} and {a}", "1", "1 and 1"],
    ["{agent} said:", "{agent}", "{agent} said:"],
    ["{agent} said:", "$&", "$& said:"],
    ["Chat", "Marlow", "Chat"],
  ])("of %j with %j is %j", (text, value, formatted) => {
    expect(format(text, value)).toBe(formatted);
  });
});

describe("formatCount", () => {
  const one = { one: "{count} Nachricht", other: "{count} Nachrichten" };
  const two = { two: "two", few: "{count} few", other: "{count} other" };

  it.each<[string, Parameters<typeof formatCount>, string]>([
    ["the form of the language's category", [one, 1, "de"], "1 Nachricht"],
    ["the number as the language writes it", [one, 1234, "de"], "1.234 Nachrichten"],
    ["a form without its number", [two, 2, "ar"], "two"],
    ["`other` for a category without a form", [two, 11, "ar-AE"], "11 other"],
    ["`other` in a language without plurals", [{ other: "{count}件" }, 1, "ja"], "1件"],
  ])("takes %s", (_, parameters, text) => {
    expect(formatCount(...parameters)).toBe(text);
  });
});
