import { describe, expect, test } from "vitest";
import { readScenarios } from "../../../../proxy/e2e/scenario-file.ts";

const HEARD = {
  text: "Shipping is **free from €49**.\nWe’re open 9:00–17:00.",
  milliseconds: 1500,
  tools: ["search_articles"],
  isEscalated: false,
};

/** What a step's check, or one of the history, says of the answer above. */
function judge(check: string, on: "Lex" | "Lexey") {
  const file = `name: A\nsteps: [{ say: Hello, ${check} }]`;
  const { scenarios, mistakes } = readScenarios(file, "a.yaml", on);
  expect(mistakes).toEqual([]);
  return scenarios[0]?.steps.flatMap(({ tests }) => tests).flatMap((test) => test(HEARD));
}

describe("a check", () => {
  test.each([
    'contains: "free from €49"',
    'contains: "FREE"',
    'contains: "shipping is free"',
    `contains: "we're open 9:00-17:00"`,
    'contains: "€49. We"',
    'contains: "**free from"',
    "contains: [shipping, €49]",
    'not-contains: "€50"',
    'not-contains: "`"',
    "not-contains: [€50, closed]",
    'matches: "/free from \\\\*?/"',
    'matches: "/SHIPPING.*open/is"',
    'matches: ["^Shipping", "00\\\\.$"]',
    "within: 1500ms",
    "within: 2 min",
    "escalated: false",
  ])("passes: %s", (check) => {
    expect(judge(check, "Lexey")).toEqual([]);
  });

  test.each([
    ['contains: "€50"', ['contains "€50"'], null],
    ["contains: [€49, €50, tea]", ['contains "€50"', 'contains "tea"'], null],
    ["not-contains: [€50, Free]", ['not-contains "Free"'], null],
    ['not-contains: "**"', ['not-contains "**"'], null],
    ["matches: /SHIPPING/", ["matches /SHIPPING/"], null],
    ["matches: [/x/i, /open/]", ["matches /x/i"], null],
    ["within: 1.4s", ["within 1.4 s"], "1.5 s"],
    ["escalated: true", ["escalated: true"], "false"],
  ])("fails: %s", (check, expected, found) => {
    expect(judge(check, "Lexey")).toEqual(expected.map((expected) => ({ expected, found })));
  });

  test("of tools names those that were used", () => {
    expect(judge("uses-tool: search_articles", "Lex")).toEqual([]);
    const failure = { expected: "uses-tool order_status", found: "search_articles" };
    expect(judge("uses-tool: [search_articles, order_status]", "Lex")).toEqual([failure]);
  });

  test("of the history counts messages", () => {
    const file = "name: A\nsteps: [{ say: Hello }]\nhistory: { messages: 4, contains: free }";
    const [scenario] = readScenarios(file, "a.yaml", "Lex").scenarios;
    const heard = { ...HEARD, messages: 3 };
    const failures = scenario?.history?.tests.flatMap((test) => test(heard));
    expect(failures).toEqual([{ expected: "messages: 4", found: "3" }]);
  });
});
