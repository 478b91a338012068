import { describe, expect, test } from "vitest";
import { summarise, toLines } from "../../../../proxy/e2e/lines.ts";
import { createAgents, run, toScenarios, type Reply } from "./agents.ts";

async function linesOf(reply: Reply, repeat = 1): Promise<string[]> {
  const { agents } = createAgents(reply);
  const [result] = await run(toScenarios([null, "a"]), { agents, repeat });
  if (!result) throw new Error("there is no result");
  return toLines(result, (_, text) => text);
}

describe("the lines about a scenario", () => {
  test("are one when it has passed", async () => {
    expect(await linesOf(() => "ok")).toEqual([expect.stringMatching(/^passed {6}s1 {2}\d+ ms$/)]);
  });

  test("show what was expected and each line of the answer", async () => {
    expect((await linesOf(() => "one\n\ntwo\n")).slice(1)).toEqual([
      '  a.yaml:2:9 steps: "a"',
      "    expected  matches /^ok$/",
      "    answer    one",
      "",
      "              two",
    ]);
  });

  test("say that there was no text", async () => {
    expect((await linesOf(() => " ")).at(-1)).toBe("    answer    (none)");
  });

  test("leave the terminal to its owner", async () => {
    const text = (await linesOf(() => "\u001b]0;title\u0007\u001b[2Jx\u009b1m")).join("\n");
    expect(text).toContain("answer    ]0;title[2Jx1m");
  });

  test("cut a long answer, and leave out what many attempts repeat", async () => {
    const lines = await linesOf(() => "x\n".repeat(30), 5);
    expect(lines.filter((line) => line.endsWith("… and 10 more lines"))).toHaveLength(3);
    expect(lines[0]).toMatch(/^failed {6}s1 {2}0 of 5, /);
    expect(lines.at(-1)).toBe("  and 2 more attempts that did not pass");
  });
});

test("the summary counts each outcome that there is", async () => {
  const { agents } = createAgents((message) => (message === "a" ? "no" : "ok"));
  const results = await run(toScenarios([null, "a"], [null, "b"], [null, "c"]), { agents });
  expect(summarise(results, 1500)).toBe("2 of 3 scenarios passed, 1 failed  (1.5 s)");
});
