/** The scenarios that ship with the demo's shop. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCli } from "../../support/cli.ts";
import { connectLex, connectLexey, runE2e } from "../../support/e2e.ts";

const FOLDER = "demo/scenarios";
const FILES = readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`);
const SETUP = /^setup:\n(?: .*\n)+/m;

describe("the demo's scenarios", () => {
  it("are three", () => {
    expect(FILES).toHaveLength(3);
  });

  it("pass on a new platform, and again on one that they have set up", async () => {
    const environment = await connectLexey();
    for (const args of [FILES, [...FILES, "--repeat", "3", "--parallel", "4"]]) {
      const { code, out, errors } = await runCli(["e2e", ...args], { environment });
      expect(out).toContain("3 of 3 scenarios passed");
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
    }
  });

  it.each(FILES.filter((file) => SETUP.test(readFileSync(file, "utf8"))))(
    "%s fails where its setup is left out",
    async (file) => {
      const source = readFileSync(file, "utf8").replace(SETUP, "");
      const { code, out } = await runE2e(source, [], await connectLexey());
      expect(out).toContain("0 of 1 scenarios passed, 1 failed");
      expect(code).toBe(1);
    },
  );

  it("run on Lex where they need no configuration agent", async () => {
    const args = ["e2e", `${FOLDER}/shop-answers.yaml`];
    const { code, out } = await runCli(args, { environment: await connectLex() });
    expect(out).toContain("1 of 1 scenarios passed");
    expect(code).toBe(0);
  });

  it("fail on a shop that has no such articles", async () => {
    const environment = await connectLex({ articlesFolder: FOLDER });
    const args = ["e2e", `${FOLDER}/shop-answers.yaml`];
    const { code, out } = await runCli(args, { environment });
    expect(out).toMatch(/shop-answers\.yaml:5:5 steps: "What does shipping to Germany cost\?"/);
    expect(out).toMatch(/expected {2}contains "€4\.90"/);
    expect(out).toMatch(/answer {4}I'm sorry, I don't know that\./);
    expect(code).toBe(1);
  });
});
