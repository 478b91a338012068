/** `lex-chat chat` in a terminal, as a person uses it. */
import { describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import { KEYS, startInTerminal } from "../../support/cli.ts";
import { findProgram } from "../../support/find-program.ts";
import { API_KEY, startPlatform } from "../../support/proxy.ts";

const SHIPPING = "What does shipping to Germany cost?";
const PROMPT = /> /;

/** A conversation at its first prompt. */
async function start(options: PlatformOptions = {}, settings: NodeJS.ProcessEnv = {}) {
  const { url } = await startPlatform(options);
  const terminal = startInTerminal(["chat"], {
    LEX_URL: url,
    LEX_API_KEY: API_KEY,
    NO_COLOR: "1",
    ...settings,
  });
  await terminal.shows(/Ctrl-C stops an answer, Ctrl-D leaves\./);
  await terminal.shows(PROMPT);
  return terminal;
}

// The terminal is util-linux' script, which other systems have in another form.
describe.skipIf(process.platform !== "linux" || findProgram("script") === null)(
  "a conversation at the terminal",
  () => {
    it("goes from question to answer to question, and ends with Ctrl-D", async () => {
      const terminal = await start();
      terminal.type(SHIPPING + KEYS.enter);
      await terminal.shows(/thinking…/);
      await terminal.shows(/· uses search_articles/);
      await terminal.shows(/€4\.90/);
      await terminal.shows(PROMPT);
      terminal.type(`And to Norway?${KEYS.enter}`);
      await terminal.shows(/costs \*\*€12\.90/);
      await terminal.shows(PROMPT);
      terminal.type(KEYS.end);
      await terminal.shows(/To go on with it: lex-chat chat --conversation [\w-]{36}/);
      expect(await terminal.exited).toBe(0);
    });

    it("stops an answer with Ctrl-C, and leaves with a second one", async () => {
      const terminal = await start({ tokensPerSecond: 10 });
      terminal.type(SHIPPING + KEYS.enter);
      await terminal.shows(/Here is/);
      terminal.type(KEYS.interrupt);
      await terminal.shows(/· stopped/);
      await terminal.shows(PROMPT);
      expect(terminal.output()).not.toContain("€4.90");
      terminal.type(KEYS.interrupt);
      expect(await terminal.exited).toBe(130);
    });

    it("asks the next question when the stopped answer is over", async () => {
      const terminal = await start({ tokensPerSecond: 200 });
      terminal.type(SHIPPING + KEYS.enter);
      await terminal.shows(/Here is/);
      terminal.type(KEYS.interrupt);
      await terminal.shows(PROMPT);
      terminal.type(`How do I return a grinder?${KEYS.enter}`);
      await terminal.shows(/return label/);
      await terminal.shows(PROMPT);
    });

    it("clears a line with Ctrl-C", async () => {
      const terminal = await start();
      terminal.type("never sent");
      await terminal.shows(/never sent/);
      terminal.type(KEYS.interrupt);
      await terminal.shows(/\^C/);
      await terminal.shows(PROMPT);
      terminal.type(KEYS.end);
      expect(await terminal.exited).toBe(0);
      expect(terminal.output()).not.toContain("--conversation");
    });

    it("takes what is pasted in several lines as one message", async () => {
      const terminal = await start();
      terminal.type(`What does shipping\rto Germany cost?${KEYS.enter}`);
      await terminal.shows(/€4\.90/);
      await terminal.shows(PROMPT);
      expect(terminal.output().match(/Here is/g)).toHaveLength(1);
    });

    it("keeps what is typed during an answer for the next question", async () => {
      const terminal = await start({ tokensPerSecond: 50 });
      terminal.type(SHIPPING + KEYS.enter);
      await terminal.shows(/Here is/);
      terminal.type("And to Norway?");
      await terminal.shows(/€12\.90[^>]*> .*And to Norway\?/s);
    });

    it("says what went wrong, and asks again", async () => {
      const terminal = await start({}, { LEX_API_KEY: "lex2_wrong" });
      terminal.type(`Hello${KEYS.enter}`);
      await terminal.shows(/does not know the key in LEX_API_KEY/);
      await terminal.shows(PROMPT);
    });

    it("shows colours unless NO_COLOR is set", async () => {
      const plain = await start();
      expect(plain.output()).not.toContain("\u001b[2m");
      const coloured = await start({}, { NO_COLOR: "" });
      expect(coloured.output()).toContain("\u001b[2m");
    });
  },
);
