/** `lex-chat conversations` against the local platform. */
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, startInTerminal } from "../../support/cli.ts";
import { findProgram } from "../../support/find-program.ts";
import { API_KEY, startPlatform } from "../../support/proxy.ts";

const QUESTIONS = ["Where is my order?", "Do you sell\ttabs, and \u001b[31mred ones?"];

let environment: NodeJS.ProcessEnv;
let ids: string[];
beforeAll(async () => {
  const { url } = await startPlatform();
  environment = { LEX_URL: url, LEX_API_KEY: API_KEY };
  ids = [];
  for (const question of QUESTIONS) {
    const { out } = await runCli(["chat", "--json", question], { environment });
    ids.push((JSON.parse(out) as { conversationId: string }).conversationId);
  }
});

const conversations = (...args: string[]) => runCli(["conversations", ...args], { environment });

describe("lex-chat conversations", () => {
  it.each([[[]], [["list"]]])("%j is a line for each, the newest first", async (args) => {
    const { code, out } = await conversations(...args);
    const rows = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
    expect(code).toBe(0);
    expect(rows.map(([id]) => id)).toEqual(ids.toReversed());
    expect(rows.map((row) => row.length)).toEqual([4, 4]);
    expect(rows[1]).toEqual([ids[0], "active", expect.stringMatching(/^20.*Z$/), QUESTIONS[0]]);
    expect(out).not.toContain("\u001b");
  });

  it("prints JSON for programs", async () => {
    const { out } = await conversations("--json", "--limit", "1");
    expect(JSON.parse(out)).toEqual([
      {
        id: ids[1],
        title: expect.any(String),
        status: "active",
        createdAt: expect.stringMatching(/^20/),
        updatedAt: expect.stringMatching(/^20/),
      },
    ]);
  });

  it.skipIf(process.platform !== "linux" || findProgram("script") === null)(
    "shows columns at a terminal",
    async () => {
      const terminal = startInTerminal(["conversations"], { ...environment, NO_COLOR: "1" });
      expect(await terminal.exited).toBe(0);
      expect(terminal.output()).toMatch(/[\w-]{36} {2}active {2} *just now {2}Where is my order\?/);
    },
  );

  it("shows what was said in one", async () => {
    const { code, out } = await conversations("show", ids[0] ?? "");
    expect(code).toBe(0);
    expect(out).toMatch(/^user · 20[\d-]+ [\d:]+ UTC\nWhere is my order\?\n\nagent · .*\n\S/m);
  });

  it("shows the newest messages, and says that there are older ones", async () => {
    const { out, errors } = await conversations("show", ids[0] ?? "", "--limit", "1");
    expect(out).not.toContain("user · ");
    expect(out).toContain("agent · ");
    expect(errors).toContain("There are older messages: --limit 2");
    const { out: json } = await conversations("show", ids[0] ?? "", "--limit", "1", "--json");
    expect(JSON.parse(json)).toMatchObject({
      id: ids[0],
      messages: [{ role: "assistant" }],
      hasMore: true,
    });
  });

  it.each<[string[], number, RegExp]>([
    [["show"], 2, /needs an id\n {2}→ lex-chat conversations lists them/],
    [["show", "unknown"], 1, /does not have that \(404\)/],
    [["--limit", "all"], 2, /--limit is "all"\n {2}→ use a whole number from 1 to 1000/],
    [["shwo"], 2, /no conversations command shwo; do you mean show\?/],
  ])("%j is refused with %i", async (args, code, message) => {
    expect(await conversations(...args)).toMatchObject({
      code,
      out: "",
      errors: expect.stringMatching(message),
    });
  });
});

describe("on Lexey", () => {
  it.each([
    ["conversations", /conversations list is for Lex, .*\n {2}→ Lexey's own Conversations tab/],
    ["conversations show x", /conversations show is for Lex/],
    ["webhook get", /webhook get is for Lex, .*\n {2}→ Lexey's webhook is its skill/],
    ["webhook set", /webhook set is for Lex/],
    ["webhook test", /webhook test is for Lex/],
    ["webhook delete", /webhook delete is for Lex/],
  ])("%s says that it is for Lex, and exits with 1", async (line, message) => {
    const { code, errors } = await runCli(line.split(" "), {
      environment: { LEXEY_CUSTOMER_KEY: "lxc_key" },
    });
    expect(errors).toMatch(message);
    expect(code).toBe(1);
  });
});
