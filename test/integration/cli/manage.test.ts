/** `lex-chat manage` with the local platform's configuration agent. */
import { beforeEach, describe, expect, it } from "vitest";
import { KEYS, runCli, startInTerminal } from "../../support/cli.ts";
import { findProgram } from "../../support/find-program.ts";
import { lexeyAt, startPlatform } from "../../support/proxy.ts";

const MANAGEMENT_KEY = "lxm_command_line_test_key";

let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  const { url } = await startPlatform({ managementKeys: [MANAGEMENT_KEY] });
  environment = { ...lexeyAt(url), LEXEY_MANAGEMENT_KEY: MANAGEMENT_KEY };
});

describe("lex-chat manage", () => {
  it("changes what the customers' agent says, at once", async () => {
    const order = "Set our agent name to 'Acme Support'";
    const { code, out } = await runCli(["manage", order], { environment });
    expect(out).toContain("Acme Support");
    expect(code).toBe(0);
    const { out: answer } = await runCli(["chat", "Hello"], { environment });
    expect(answer).toContain("Acme Support");
  });

  it("takes an article from standard input", async () => {
    const input = "Our plans are Free (up to 3 projects) and Pro ($12/month).\n";
    const args = ["manage", "Add a knowledge article about pricing:", "-"];
    expect(await runCli(args, { environment, input })).toMatchObject({ code: 0 });
    const { out } = await runCli(["chat", "What does the Pro plan cost?"], { environment });
    expect(out).toContain("$12/month");
  });

  it("prints JSON for programs", async () => {
    const args = ["manage", "--json", "How have we performed over the last 7 days?"];
    const { out } = await runCli(args, { environment });
    expect(JSON.parse(out)).toMatchObject({
      conversationId: expect.stringMatching(/^[\w-]{36}$/),
      answer: expect.stringContaining("7 days"),
    });
  });

  it.each([
    ["no key", "", /LEXEY_MANAGEMENT_KEY is not set\n {2}→ set the management key/],
    ["a customer key", "lxc_key", /LEXEY_MANAGEMENT_KEY .*starts with lxm_/],
    ["a wrong key", "lxm_wrong", /does not know the key in LEXEY_MANAGEMENT_KEY \(401\)/],
  ])("says what is wrong with %s, and exits with 1", async (_, key, message) => {
    const { code, out, errors } = await runCli(["manage", "Hello"], {
      environment: { ...environment, LEXEY_MANAGEMENT_KEY: key },
    });
    expect(errors).toMatch(message);
    expect({ code, out }).toEqual({ code: 1, out: "" });
  });

  it.skipIf(process.platform !== "linux" || findProgram("script") === null)(
    "asks back in a conversation at the terminal",
    async () => {
      const terminal = startInTerminal(["manage"], { ...environment, NO_COLOR: "1" });
      await terminal.shows(/Lexey at http/);
      await terminal.shows(/> /);
      terminal.type(`Change the primary colour${KEYS.enter}`);
      await terminal.shows(/\?/);
      await terminal.shows(/> /);
      terminal.type(`#0F766E${KEYS.enter}`);
      await terminal.shows(/Primary colour: \*\*#0F766E\*\*/);
      terminal.type(KEYS.end);
      await terminal.shows(/To go on with it: lex-chat manage --conversation/);
      expect(await terminal.exited).toBe(0);
    },
  );
});
