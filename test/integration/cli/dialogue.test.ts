/** Dialogues with a platform that breaks: the answer is told all the same, once, or the failure is clear. */
import { describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import type { Dialogue } from "../../../proxy/cli/dialogue.ts";
import { createLexDialogue } from "../../../proxy/cli/lex-dialogue.ts";
import { createLexeyDialogue } from "../../../proxy/cli/lexey-dialogue.ts";
import { createLex } from "../../../proxy/platforms/lex.ts";
import { createLexeyClient } from "../../../proxy/platforms/lexey-client.ts";
import { API_KEY, CUSTOMER_KEY, startPlatform } from "../../support/proxy.ts";

const QUESTION = "What does shipping to Germany cost?";

async function startLex(options: PlatformOptions): Promise<Dialogue> {
  const { url } = await startPlatform(options);
  const platform = createLex({ baseUrl: url, apiKey: API_KEY });
  return createLexDialogue({ platform, conversationId: null });
}

async function startLexey(options: PlatformOptions): Promise<Dialogue> {
  const { url } = await startPlatform(options);
  const client = createLexeyClient("customer", { baseUrl: url, apiKey: CUSTOMER_KEY });
  return createLexeyDialogue({ client, conversationId: null });
}

/** Asks; `told` is all that was told, in order. */
async function ask(dialogue: Dialogue, question = QUESTION, signal = AbortSignal.any([])) {
  let told = "";
  const notices: string[] = [];
  const handlers = {
    onText: (text: string) => void (told += text),
    onNotice: (notice: string) => void notices.push(notice),
  };
  return { ...(await dialogue.ask(question, handlers, signal)), told, notices };
}

/** The answer as a platform tells it that does not break. */
const WHOLE = /^Here is[^€]+(€[^€]+){5}.*Shipping\]\([^)]+\)\.\s*$/s;

describe("Lex's answer is told whole and once", () => {
  it.each<[string, PlatformOptions]>([
    ["by a platform that does not break", {}],
    ["when the stream ends in the middle", { fault: "end" }],
    ["when the stream is reset in the middle", { fault: "reset" }],
    ["when the stream is a page", { streamType: "html" }],
    ["when it is stored and idle, and its end is not told", { end: "untold" }],
    ["when each event comes twice", { copies: 2 }],
    ["when the stream comes in pieces of 7 bytes", { pieceBytes: 7 }],
  ])("%s", async (_, options) => {
    const { text, told, isStopped } = await ask(await startLex(options));
    expect(text).toMatch(WHOLE);
    expect(isStopped).toBe(false);
    if (options.copies === undefined) expect(told).toBe(text);
  });
});

describe("Lexey's answer is told whole and once", () => {
  it.each<[string, PlatformOptions]>([
    ["by a platform that does not break", {}],
    ["when the stream ends in the middle", { fault: "end" }],
    ["when the stream is reset in the middle", { fault: "reset" }],
    ["when each event comes twice", { copies: 2 }],
    ["when events have no ids", { ids: "missing" }],
    ["when the end is not told", { end: "untold" }],
    ["when the stream comes in pieces of 7 bytes", { pieceBytes: 7 }],
  ])("%s", async (_, options) => {
    const { text, told } = await ask(await startLexey(options));
    expect(text).toMatch(WHOLE);
    expect(told).toBe(text);
  });

  it("says that it has failed", async () => {
    const dialogue = await startLexey({ agent: "fails", faultAfter: 2 });
    await expect(ask(dialogue)).rejects.toThrow("Lexey could not finish its answer");
  });

  it("says that a person takes over", async () => {
    const dialogue = await startLexey({});
    const { isEscalated, notices } = await ask(dialogue, "Let me talk to a human, now!");
    expect(isEscalated).toBe(true);
    expect(notices).toEqual(["a person takes over"]);
    expect((await ask(await startLexey({}))).isEscalated).toBe(false);
  });
});

describe.each([
  ["Lex", startLex],
  ["Lexey", startLexey],
])("a dialogue with %s", (_, start) => {
  it("keeps to one conversation", async () => {
    const dialogue = await start({});
    expect(dialogue.conversationId()).toBeNull();
    await ask(dialogue);
    const id = dialogue.conversationId();
    const { text } = await ask(dialogue, "And to Norway?");
    expect(text).toContain("Norway");
    expect(dialogue.conversationId()).toBe(id);
  });

  it("tells what the platform has kept of it", async () => {
    const dialogue = await start({});
    expect(await dialogue.history()).toEqual([]);
    const { text } = await ask(dialogue);
    expect(await dialogue.history()).toMatchObject([
      { role: "user", content: QUESTION },
      { role: "assistant", content: text },
    ]);
  });

  it("ends at once when it is stopped, and tells nothing more", async () => {
    const dialogue = await start({ tokensPerSecond: 20 });
    const stop = new AbortController();
    let told = "";
    const onText = (text: string): void => {
      told += text;
      stop.abort();
    };
    const { isStopped, text } = await dialogue.ask(
      QUESTION,
      { onText, onNotice: () => undefined },
      stop.signal,
    );
    expect(isStopped).toBe(true);
    expect(told.length).toBeGreaterThan(0);
    expect(text).toBe(told);
    expect(text).not.toMatch(WHOLE);
  });

  it("ends at once when it is stopped before anything came", async () => {
    const dialogue = await start({ thinkingMs: 10_000 });
    const { isStopped, told } = await ask(dialogue, QUESTION, AbortSignal.timeout(300));
    expect({ isStopped, told }).toEqual({ isStopped: true, told: "" });
  });
});
