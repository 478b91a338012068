import { describe, expect, test } from "vitest";
import type { PlatformName } from "../../../../proxy/e2e/entry.ts";
import { readScenarios } from "../../../../proxy/e2e/scenario-file.ts";

const read = (source: string, platform: PlatformName = "Lexey") =>
  readScenarios(source, "a.yaml", platform);

/** A step that checks something, with `lines` besides. */
const step = (...lines: string[]): string =>
  ["name: A", "steps:", "  - say: Hello", "    contains: hi", ...lines].join("\n");

describe("a scenario file", () => {
  test("has a scenario in each of its documents, with the places where they stand", () => {
    const { scenarios, mistakes } = read(
      "# greets\nname: A\nsteps:\n  - say: Hello\n    contains: hi\n---\nname: B\nsteps: [{ say: x, matches: y }]\n---\n",
    );
    expect(mistakes).toEqual([]);
    expect(scenarios).toMatchObject([
      {
        name: "A",
        position: { file: "a.yaml", line: 2, column: 1 },
        steps: [{ say: "Hello", position: { line: 4, column: 5 } }],
      },
      { name: "B", position: { line: 7 }, setup: [], history: null, review: [] },
    ]);
  });

  test.each([
    ["4.90", "4.90"],
    ["0x10", "0x10"],
    ["yes", "yes"],
    ['"#2563EB"', "#2563EB"],
    ["Hello # greets", "Hello"],
    ["|\n      Two\n      lines", "Two\nlines"],
  ])("keeps the text %j as it was written", (written, text) => {
    const { scenarios } = read(`name: A\nsteps:\n  - say: ${written}\n    contains: x`);
    expect(scenarios[0]?.steps[0]?.say).toBe(text);
  });

  test("may say the same twice by an alias", () => {
    const { scenarios, mistakes } = read(
      step("  - say: x", "    contains: &a [y]", "    not-contains: *a"),
    );
    expect(mistakes).toEqual([]);
    expect(scenarios[0]?.steps[1]?.tests).toHaveLength(2);
  });
});

describe("a mistake is told with its place, the value and the fix", () => {
  test.each<[string, RegExp]>([
    ["", /^a\.yaml:1:1: there is no scenario in it: begin with/],
    ["hello", /^a\.yaml:1:1: the scenario is "hello": a scenario has name, setup, steps/],
    ["- name: A", /^a\.yaml:1:1: the scenario is a list: a scenario has/],
    [
      "name: A\nstepps:\n  - say: x",
      /^a\.yaml:2:1: a scenario has no "stepps": do you mean steps\?/,
    ],
    ["name: A\ncolour: red", /^a\.yaml:2:1: a scenario has no "colour": there are name, setup/],
    ["name: A", /^a\.yaml:1:1: a scenario needs steps: what the customer writes/],
    ["name:\nsteps: [{ say: x, contains: y }]", /^a\.yaml:1:\d+: name is empty: give a text/],
    ["name: A\nsteps: hello", /^a\.yaml:2:8: steps is "hello": give a list of at least one/],
    ["name: A\nsteps: []", /^a\.yaml:2:8: steps is a list: give a list of at least one/],
    ["name: A\nsteps: [hello]", /^a\.yaml:2:9: steps is "hello": a step has say, contains/],
    ["name: A\nsteps: [{ contains: x }]", /^a\.yaml:2:9: a step needs say: what the customer/],
    [step("    within: soon"), /^a\.yaml:5:13: within is "soon": give a time such as 10s/],
    [step("    within: 0s"), /^a\.yaml:5:13: within is "0s": give a time/],
    [step("    escalated: maybe"), /^a\.yaml:5:16: escalated is "maybe": give true or false/],
    [step("    matches: /(/"), /^a\.yaml:5:14: matches is "\/\(\/": give a regular .*Unterminated/],
    [step("    matches: /a/gi"), /^a\.yaml:5:14: matches is "\/a\/gi": .*flags may be i, m, s, u/],
    [
      step("    not-contains: []"),
      /^a\.yaml:5:19: not-contains is a list: give a list of at least/,
    ],
    [step("    not-contains: { a: b }"), /^a\.yaml:5:19: not-contains is a mapping: give a text/],
    [step("    contans: x"), /^a\.yaml:5:5: a step has no "contans": do you mean contains\?/],
    [step("history:", "  messages: -1"), /^a\.yaml:6:13: messages is "-1": give a whole number/],
    [step("history:", "  within: 1s"), /^a\.yaml:6:3: history has no "within": there are contains/],
    [
      step("review:", "  - say: x", "    escalated: true"),
      /^a\.yaml:7:5: a question of review has/,
    ],
    [
      step("    uses-tool: x"),
      /^a\.yaml:5:5: uses-tool is for Lex, and the settings are for Lexey/,
    ],
    ["name: A\nsteps: [{ say: x }]", /^a\.yaml:1:1: the scenario checks nothing, so it can't fail/],
    [`${step()}\n---\n${step()}`, /^a\.yaml:6:1: name is "A", as in line 1: give it another/],
    [step("  - say: use #2563EB"), /^a\.yaml:5:10: the text ends before #2563EB, a comment/],
    [step("    matches: /a #b/"), /^a\.yaml:5:14: the text ends before #b\/, a comment/],
    [step("  - say: About us: x"), /^a\.yaml:5:10: .*text that has a colon goes into quotes/],
    [step('  - say: "\\d"'), /^a\.yaml:5:1\d: Invalid escape sequence.* use 'single quotes'/],
    [step("\t- say: x"), /^a\.yaml:5:1: Tabs .*indent by spaces/],
    [step("    contains: y"), /^a\.yaml:5:5: Map keys must be unique: .*several texts are a list/],
    [step("  - say: !html x"), /^a\.yaml:5:10: Unresolved tag/],
  ])("%j", (source, message) => {
    const { mistakes } = read(source);
    expect(
      mistakes.filter((mistake) => message.test(mistake)),
      mistakes.join("\n"),
    ).toHaveLength(1);
  });

  test.each([
    "name: A\nstepps: [{ say: x, contains: y }]",
    "name: A\nsteps: [{ sya: x, contains: y }]",
    "name: A\nsteps: [{ say: x, within: soon }]",
  ])("once, with nothing that only follows from it: %j", (source) => {
    expect(read(source).mistakes).toHaveLength(1);
  });

  test("all of a file at once", () => {
    expect(read(step("    within: soon", "    escalated: 1", "reviews: []")).mistakes).toHaveLength(
      3,
    );
  });

  test.each(["setup", "review"])("and %s on Lex", (name) => {
    const { mistakes } = read(`${step()}\n${name}: [{ say: x }]`, "Lex");
    expect(mistakes).toEqual([expect.stringContaining(`${name} is for Lexey, and the settings`)]);
  });
});
