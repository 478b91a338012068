import { describe, expect, test } from "vitest";
import { readScenarios } from "../../../../proxy/e2e/scenario-file.ts";
import { createAgents, refuse, run, toScenarios } from "./agents.ts";

const outcomes = (results: Awaited<ReturnType<typeof run>>) =>
  results.map(({ outcome }) => outcome);

describe("the order of scenarios", () => {
  test("a setup waits for everything before it, and what follows waits for the setup", async () => {
    const { agents, log } = createAgents();
    const scenarios = toScenarios([null, "a"], [null, "b"], ["C", "c"], [null, "d"]);
    const results = await run(scenarios, { agents, parallel: 4 });
    const at = (entry: string): number => log.indexOf(entry);
    expect(Math.max(at("a ✓"), at("b ✓"))).toBeLessThan(at("C"));
    expect(Math.min(at("c"), at("d"))).toBeGreaterThan(at("C ✓"));
    expect(outcomes(results)).toEqual(["passed", "passed", "passed", "passed"]);
  });

  test.each([1, 2, 3])("at most %i conversations go on at once", async (parallel) => {
    const { agents, most } = createAgents();
    const scenarios = toScenarios([null, "a"], [null, "b"], [null, "c"], [null, "d"]);
    await run(scenarios, { agents, parallel });
    expect(most()).toBe(parallel);
  });

  test("results come in the order of the scenarios, whichever ends first", async () => {
    const { agents } = createAgents();
    const scenarios = toScenarios([null, "a", "b", "c"], [null, "d"]);
    const ended: string[] = [];
    const results = await run(scenarios, {
      agents,
      parallel: 2,
      onResult: ({ scenario }) => void ended.push(scenario.name),
    });
    expect(ended).toEqual(["s2", "s1"]);
    expect(results.map(({ scenario }) => scenario.name)).toEqual(["s1", "s2"]);
  });

  test("a setup is done once, however often its scenario is played", async () => {
    const { agents, log } = createAgents();
    await run(toScenarios(["A", "a"]), { agents, repeat: 3 });
    expect(log.filter((entry) => entry === "A")).toHaveLength(1);
    expect(log.filter((entry) => entry === "a")).toHaveLength(3);
  });
});

describe("what goes wrong", () => {
  test("in a step ends its scenario, and no other", async () => {
    const { agents, log } = createAgents((message) => (message === "b" ? "no" : "ok"));
    const results = await run(toScenarios([null, "a", "b", "c"], [null, "d"]), { agents });
    expect(outcomes(results)).toEqual(["failed", "passed"]);
    expect(log).not.toContain("c");
  });

  test("in a setup leaves its scenario unplayed", async () => {
    const { agents, log } = createAgents((message) => (message === "A" ? "no" : "ok"));
    const results = await run(toScenarios(["A", "a"], [null, "b"]), { agents, repeat: 2 });
    expect(outcomes(results)).toEqual(["failed", "passed"]);
    expect(results[0]?.attempts).toEqual([]);
    expect(log).not.toContain("a");
  });

  test("on the platform is an error that says what to do", async () => {
    const { agents } = createAgents(refuse);
    const [result] = await run(toScenarios([null, "a"]), { agents });
    expect(result?.outcome).toBe("error");
    expect(result?.attempts[0]?.exchanges[0]?.error).toMatch(/LEXEY_CUSTOMER_KEY \(401\): copy/);
  });

  test("in the program itself ends the run", async () => {
    const { agents, log } = createAgents(() => {
      throw new TypeError("undefined is not a function");
    });
    await expect(run(toScenarios([null, "a"], [null, "b"]), { agents })).rejects.toThrow(TypeError);
    expect(log).toEqual(["a"]);
  });

  test("an answer that takes too long is an error", async () => {
    const { agents } = createAgents(() => new Promise(() => undefined));
    const [result] = await run(toScenarios([null, "a"]), { agents, timeoutMs: 20 });
    expect(result?.attempts[0]?.exchanges[0]?.error).toMatch(/no answer within 20 ms/);
  });
});

test("a person who has taken over stays, also in the steps that follow", async () => {
  const { agents } = createAgents((message) => (message === "b" ? "person" : "ok"));
  const steps = "{ say: a, escalated: false }, { say: b }, { say: c, escalated: true }";
  const { scenarios } = readScenarios(`name: A\nsteps: [${steps}]`, "a.yaml", "Lexey");
  expect(outcomes(await run(scenarios, { agents }))).toEqual(["passed"]);
});

describe("an interruption", () => {
  test("keeps what is known, and asks nothing more", async () => {
    const interrupt = new AbortController();
    const { agents, log } = createAgents((message) => {
      if (message === "b") interrupt.abort();
      return "ok";
    });
    const scenarios = toScenarios([null, "a"], [null, "b", "c"], ["D", "d"]);
    const results = await run(scenarios, { agents, signal: interrupt.signal });
    expect(outcomes(results)).toEqual(["passed", "interrupted", "interrupted"]);
    expect(log).not.toContain("c");
    expect(log).not.toContain("D");
  });
});

describe("the pass rate", () => {
  test.each([
    { right: 9, repeat: 10, passRate: 0.9, outcome: "passed" },
    { right: 8, repeat: 10, passRate: 0.9, outcome: "failed" },
    { right: 2, repeat: 3, passRate: 2 / 3, outcome: "passed" },
    { right: 2, repeat: 3, passRate: 1, outcome: "failed" },
    { right: 0, repeat: 3, passRate: 0.1, outcome: "failed" },
  ])("$passRate with $right of $repeat is $outcome", async ({ right, outcome, ...bar }) => {
    let asked = 0;
    const { agents } = createAgents(() => ((asked += 1) <= right ? "ok" : "no"));
    expect(outcomes(await run(toScenarios([null, "a"]), { agents, ...bar }))).toEqual([outcome]);
  });
});
