/** `lex-chat e2e`: what it prints, writes and exits with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { KEYS, runCli, startCli, startInTerminal } from "../../support/cli.ts";
import { connectLex, connectLexey, makeFolder, runE2e, writeScenarios } from "../../support/e2e.ts";
import { findProgram } from "../../support/find-program.ts";
import { eventually } from "../../support/proxy.ts";

const GREETING = "name: Greets\nsteps:\n  - say: Hello\n    contains: hello\n";
const WRONG = "name: Dances\nsteps:\n  - say: Hello\n    contains: tango\n  - say: And now?\n";
const BOTH = `${GREETING}---\n${WRONG}`;

let lexey: NodeJS.ProcessEnv;
beforeAll(async () => {
  lexey = await connectLexey();
});

describe("results", () => {
  it("show what was expected and the answer, and exit with 1", async () => {
    const { code, out, errors } = await runE2e(BOTH, [], lexey);
    expect(out).toMatch(/^passed +Greets/m);
    expect(out).toMatch(
      /^failed +Dances.*\n +\S+scenarios\.yaml:8:5 steps: "Hello"\n +expected +contains "tango"\n +answer +Hello!/m,
    );
    expect(out).toMatch(/\n1 of 2 scenarios passed, 1 failed {2}\(.*s\)\n$/);
    expect({ code, errors }).toEqual({ code: 1, errors: "" });
  });

  it("are JSON for programs, with every exchange until the one that went wrong", async () => {
    const { code, out, errors } = await runE2e(BOTH, ["--json"], lexey);
    const hello = { phase: "steps", say: "Hello", answer: expect.stringMatching(/^Hello!/) };
    const passed = [{ ...hello, line: 3, failures: [], error: null, escalated: false }];
    const failures = [{ expected: 'contains "tango"', found: null }];
    expect(JSON.parse(out)).toMatchObject({
      passed: false,
      scenarios: [
        { name: "Greets", line: 1, outcome: "passed", attempts: [{ exchanges: passed }] },
        {
          name: "Dances",
          line: 6,
          outcome: "failed",
          attempts: [
            {
              passed: false,
              conversationId: expect.stringMatching(/^[\w-]{36}$/),
              exchanges: [{ ...hello, line: 8, failures }],
            },
          ],
        },
      ],
    });
    expect(JSON.parse(out).scenarios[1].attempts[0].exchanges).toHaveLength(1);
    expect({ code, errors }).toEqual({ code: 1, errors: "" });
  });

  it("are JUnit XML for CI", async () => {
    const junit = join(makeFolder(), "results.xml");
    const { code } = await runE2e(BOTH, ["--junit", junit], lexey);
    const xml = readFileSync(junit, "utf8");
    expect(xml).toContain('tests="2" failures="1" errors="0" skipped="0"');
    expect(xml).toMatch(/<testcase name="Greets" [^>]*time="\d+\.\d{3}"\/>/);
    expect(xml).toMatch(
      /<failure message="expected contains &quot;tango&quot;" type="failed">[^<]*answer +Hello!/,
    );
    expect(code).toBe(1);
  });

  it("count scenarios that the filter names, and no others", async () => {
    const { code, out } = await runE2e(BOTH, ["--filter", "GREET"], lexey);
    expect(out).toContain("1 of 1 scenarios passed");
    expect(code).toBe(0);
  });

  it("tell that there is no answer as an error", async () => {
    const environment = { ...lexey, LEXEY_CUSTOMER_KEY: "lxc_wrong" };
    const { code, out } = await runE2e(GREETING, [], environment);
    expect(out).toMatch(/^error +Greets.*\n.*\n +error +Lexey does not know the key/m);
    expect(out).toContain("0 of 1 scenarios passed, 1 error");
    expect(code).toBe(1);
  });

  it.each([
    ["Lexey", connectLexey],
    ["Lex", connectLex],
  ])("do not wait for an answer of %s that takes too long", async (_, connect) => {
    const environment = await connect({ thinkingMs: 120_000 });
    const { code, out } = await runE2e(GREETING, ["--timeout", "300ms"], environment);
    expect(out).toMatch(/error +no answer within 300 ms: --timeout allows more/);
    expect(code).toBe(1);
  });
});

describe("an agent that is not always right", () => {
  // Each attempt is one conversation more: the fourth finds four of them.
  const SOMETIMES = `name: Counts
steps:
  - say: Hello
review:
  - say: How many conversations did we have today?
    matches: /Conversations:? \\**[1-3]\\b/
`;

  it.each([
    ["0.75", 0, /^passed +Counts {2}3 of 4,/m],
    ["76%", 1, /^failed +Counts {2}3 of 4,/m],
  ])("is held against a pass rate of %s", async (rate, expected, line) => {
    const environment = await connectLexey();
    const args = ["--repeat", "4", "--pass-rate", rate, "--parallel", "1"];
    const { code, out } = await runE2e(SOMETIMES, args, environment);
    expect(out).toMatch(line);
    expect(out).toMatch(/scenarios\.yaml:5:5 review, attempt 4: "How many conversations/);
    expect(code).toBe(expected);
  });
});

describe("on Lex", () => {
  it("the tools that are used can be checked", async () => {
    const source = `name: Looks it up
steps:
  - say: What does shipping to Germany cost?
    uses-tool: search_articles
  - say: Thanks
    uses-tool: search_articles
`;
    const { code, out } = await runE2e(source, [], await connectLex());
    expect(out).toMatch(/yaml:5:5 .*\n +expected +uses-tool search_articles\n +found +no tool/);
    expect(code).toBe(1);
  });

  it("what is Lexey's alone is a mistake of the file", async () => {
    const source = `${GREETING}    escalated: false\nreview:\n  - say: How was it?\n`;
    const { code, out, errors } = await runE2e(source, [], await connectLex());
    expect(errors).toMatch(/yaml:5:5: escalated is for Lexey, and the settings are for Lex: leave/);
    expect(errors).toMatch(/yaml:6:1: review is for Lexey/);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});

it("prints the format for editors, without any setting", async () => {
  const { code, out } = await runCli(["e2e", "--schema"]);
  expect(JSON.parse(out)).toMatchObject({ type: "object", required: ["name", "steps"] });
  expect(code).toBe(0);
});

describe("what was typed wrongly", () => {
  it.each<[string[], RegExp]>([
    [[], /e2e needs a file of scenarios\n {2}→ lex-chat e2e scenarios/],
    [["nowhere.yaml"], /nowhere\.yaml can't be read \(ENOENT\)/],
    [["demo/scenarios"], /demo\/scenarios can't be read \(EISDIR\)\n {2}→ .*demo\/scenarios\/\*/],
    [["package.json"], /package\.json:3:3: a scenario has no "version": /],
    [["demo/scenarios/shop-answers.yaml", "--filter", "x y"], /none of 1 scenarios has "x y" in/],
    [["demo/scenarios/shop-answers.yaml", "--junit", "/nowhere/x"], /--junit: .* \(ENOENT\)/],
    [["x.yaml", "--repeat", "0"], /--repeat is "0"\n {2}→ give a whole number from 1 to 1000/],
    [["x.yaml", "--parallel", "many"], /--parallel is "many"/],
    [["x.yaml", "--pass-rate", "90"], /--pass-rate is "90"\n {2}→ .*0\.9 or 90%/],
    [["x.yaml", "--timeout", "soon"], /--timeout is "soon"\n {2}→ give a time such as 10s/],
  ])("%j exits with 2, before anything is asked", async (args, message) => {
    const environment = { LEXEY_CUSTOMER_KEY: "lxc_key", LEXEY_URL: "http://127.0.0.1:9" };
    const { code, out, errors } = await runCli(["e2e", ...args], { environment });
    expect(errors).toMatch(message);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });

  it("a management key that is missing is missed at once", async () => {
    const environment = { ...lexey, LEXEY_MANAGEMENT_KEY: "" };
    const source = `${GREETING}review:\n  - say: How was it?\n`;
    const { code, out, errors } = await runE2e(source, [], environment);
    expect(errors).toContain("LEXEY_MANAGEMENT_KEY is not set");
    expect({ code, out }).toEqual({ code: 1, out: "" });
  });
});

describe("Ctrl-C", () => {
  // Far longer than a test: no scenario of it ends before it is interrupted.
  const STEP = "  - say: What does shipping to Germany cost?\n    contains: €\n";
  const SLOW = `name: Waits\nsteps:\n${STEP.repeat(9)}`;

  it("ends with what is known, also in the files", async () => {
    const environment = await connectLexey({ tokensPerSecond: 20 });
    const junit = join(makeFolder(), "results.xml");
    const file = writeScenarios(`${GREETING}---\n${SLOW}`);
    const { output, exited, signal } = startCli(["e2e", file, "--junit", junit], { environment });
    await eventually("the first result", () => /passed +Greets/.exec(output())?.[0]);
    signal("SIGINT");
    const { code, out, errors } = await exited;
    expect(out).toMatch(/^interrupted +Waits/m);
    expect(out).toContain("1 of 2 scenarios passed, 1 interrupted");
    expect({ code, errors }).toEqual({ code: 130, errors: "" });
    expect(readFileSync(junit, "utf8")).toContain('<skipped message="interrupted"');
  });

  it.skipIf(process.platform !== "linux" || findProgram("script") === null)(
    "is possible at a terminal that shows what is being asked",
    async () => {
      const environment = await connectLexey({ tokensPerSecond: 20 });
      const file = writeScenarios(SLOW);
      const terminal = startInTerminal(["e2e", file], { ...environment, NO_COLOR: "1" });
      await terminal.shows(/0 of 1 · Waits: step 1 of 9/);
      terminal.type(KEYS.interrupt);
      await terminal.shows(/interrupted +Waits/);
      expect(await terminal.exited).toBe(130);
    },
  );
});
