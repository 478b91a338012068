/** Lexey's answers break in every way they can; each has one clear end. */
import { describe, expect, it } from "vitest";
import type { Breaks, PlatformOptions } from "../../../demo/platform/index.ts";
import { isChunk, tile } from "../../support/event-stream.ts";
import { eventually } from "../../support/proxy.ts";
import { askBroken, expectSame, idOf, QUESTION, send } from "../relay/broken-chat.ts";
import { startBrokenLexey, type BrokenLexey } from "./broken-lexey.ts";

/** In milliseconds. */
const HASTY = { patienceMs: 1200 };

describe("a viewer ends up with what the history has when the answer", () => {
  it.each<[string, Partial<Breaks>]>([
    ["has no ids", { ids: "missing" }],
    ["has its ids out of order", { ids: "unordered" }],
    ["has its events out of order", { order: "swapped" }],
    ["has each event twice", { copies: 2 }],
    ["comes in single bytes", { pieceBytes: 1 }],
    ["has no [DONE]", { end: "untold" }],
    ["has bytes that are no UTF-8", { fault: "invalid", faultAfter: 3 }],
    ["is in the history while it is written", { history: "partial" }],
    ["is lost before it begins", { reply: "lost" }],
  ])("%s", async (_name, breaks) => {
    await askBroken(await startBrokenLexey(), breaks);
  });

  describe.each<[string, Partial<Breaks>]>([
    ["ends in the middle of an event", { fault: "end" }],
    ["is reset in the middle of an event", { fault: "reset" }],
    ["has an event of 10 MB", { fault: "huge" }],
  ])("%s", (_name, breaks) => {
    it.each([[0], [2], [12]])("after %d events", async (faultAfter) => {
      await askBroken(await startBrokenLexey(), { ...breaks, faultAfter });
    });
  });

  it.each<[string, Partial<Breaks>]>([
    ["stalls before its first word", { fault: "stall", faultAfter: 0 }],
    ["stalls in its middle", { fault: "stall", faultAfter: 5 }],
    ["is there, and its end is never told", { end: "stuck" }],
  ])("%s", async (_name, breaks) => {
    await askBroken(await startBrokenLexey({}, HASTY), breaks);
  });
});

it("is streamed all the same without ids", async () => {
  const chat = await startBrokenLexey();
  const { stream, shown } = await askBroken(chat, { ids: "missing" });
  expect(tile(stream)).toEqual({ text: shown.messages.at(-1)?.content, isGapless: true });
  await send(chat, "Hello", (await chat.visitor.ask("Hello")).conversationId);
  const warnings = chat.proxy.log.filter(({ msg }) => String(msg).includes("out of order"));
  expect(warnings).toHaveLength(1);
});

/** Asks in a conversation that is there already, and has the error that a viewer is told. */
async function failingAnswer(chat: BrokenLexey, breaks: Partial<Breaks>) {
  const { conversationId: handle } = await chat.visitor.ask("Hello");
  const stream = await chat.visitor.stream(handle);
  await stream.snapshot();
  chat.misbehave(breaks);
  await send(chat, QUESTION, handle);
  await stream.until("the error", ({ event }) => event === "error");
  return { handle, stream };
}

describe("an answer that fails", () => {
  it.each<[string, Partial<Breaks>]>([
    ["before its first word", { faultAfter: 0 }],
    ["in its middle", { faultAfter: 5 }],
    ["without [DONE]", { faultAfter: 5, afterError: "nothing" }],
  ])("%s ends in one error, and the next one is streamed", async (_name, breaks) => {
    const chat = await startBrokenLexey();
    const { handle, stream } = await failingAnswer(chat, { agent: "fails", ...breaks });
    chat.misbehave({ agent: "answers" });
    await expectSame(chat, handle, stream);
    await send(chat, "And to Norway?", handle);
    await stream.until("the next answer", ({ event }) => event === "message:complete");

    const { messages } = await expectSame(chat, handle, stream);
    expect(messages.at(-1)?.content).toContain("Norway");
    expect(stream.all("error")).toMatchObject([{ code: "platform_unavailable", retryable: true }]);
  });

  it("before anybody watches is told to who comes then", async () => {
    const chat = await startBrokenLexey({ agent: "fails", faultAfter: 0 });
    const { conversationId: handle } = await send(chat, QUESTION);
    await eventually("the failure", () =>
      chat.proxy.log.find(({ msg }) => msg === "the platform failed to finish an answer"),
    );
    const stream = await chat.visitor.stream(handle);
    await stream.until("the error", ({ event }) => event === "error");
    expect((await stream.snapshot()).messages).toMatchObject([{ content: QUESTION }]);
  });

  it("is told without a word of the platform's, and logged without one", async () => {
    const chat = await startBrokenLexey();
    const { stream } = await failingAnswer(chat, { agent: "fails", faultAfter: 0 });
    expect(stream.all("error").map(({ message }) => message)).toEqual([
      "The agent could not finish its answer.",
    ]);
    const line = chat.proxy.log.find(
      ({ msg }) => msg === "the platform failed to finish an answer",
    );
    expect(Object.keys(line ?? {}).toSorted()).toEqual([
      "conversation",
      "level",
      "msg",
      "requestId",
      "time",
    ]);
  });
});

it("is told as lost when the history never has it", async () => {
  const chat = await startBrokenLexey({}, HASTY);
  const { handle, stream } = await failingAnswer(chat, { restartMs: 50, end: "never" });
  expect(stream.all("error")).toMatchObject([{ code: "answer_lost", retryable: true }]);
  chat.misbehave({ end: "told" });
  await expectSame(chat, handle, stream);
});

const refusal = (status: number, code: string, retryable = false) => ({
  status,
  body: { code, retryable },
});
type Refusal = ReturnType<typeof refusal>;

describe("a message is refused", () => {
  const PLATFORMS_WORDS = /No credits|message limit|at most|out of order|API key/i;

  it.each<[string, Partial<Breaks>, Refusal]>([
    ["400", { failStatus: 400 }, refusal(413, "message_too_long")],
    ["401", { failStatus: 401 }, refusal(502, "platform_rejected_request")],
    ["402", { failStatus: 402 }, refusal(502, "platform_rejected_request")],
    ["403", { failStatus: 403 }, refusal(502, "platform_rejected_request")],
    ["404", { failStatus: 404 }, refusal(404, "conversation_not_found")],
    ["429", { failStatus: 429 }, refusal(429, "conversation_full")],
    ["500", { failStatus: 500 }, refusal(502, "platform_unavailable", true)],
    ["503", { failStatus: 503 }, refusal(502, "platform_unavailable", true)],
    ["a page", { fail: "none", streamType: "html" }, refusal(502, "send_outcome_unknown")],
  ])("for %s, in a new conversation and in an old one", async (_name, breaks, expected) => {
    const chat = await startBrokenLexey();
    const { conversationId: handle } = await chat.visitor.ask("Hello");
    chat.misbehave({ fail: "reply", ...breaks });
    for (const conversationId of [undefined, handle]) {
      const answer = await chat.visitor.reply(QUESTION, conversationId);
      expect(answer).toMatchObject(expected);
      expect(answer.text).not.toMatch(PLATFORMS_WORDS);
    }
    chat.misbehave({ fail: "none", streamType: "events" });
    await send(chat, QUESTION);
    await send(chat, QUESTION, handle);
  });

  it.each<[PlatformOptions, number, string]>([
    [{ maxMessageCharacters: 5 }, 413, "message_too_long"],
    [{ credits: 1 }, 502, "platform_rejected_request"],
    [{ messagesPerConversation: 1 }, 429, "conversation_full"],
  ])("by %j of the local platform", async (options, status, code) => {
    const chat = await startBrokenLexey(options);
    const { conversationId } = await chat.visitor.ask("Hello");
    const answer = await chat.visitor.reply(QUESTION, conversationId);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.text).not.toMatch(PLATFORMS_WORDS);
    expect(await chat.visitor.messages(conversationId)).toHaveLength(2);
  });

  it("while the credits are used up, and the log says what to do", async () => {
    const chat = await startBrokenLexey({ credits: 0 });
    await chat.visitor.reply(QUESTION);
    expect(JSON.stringify(chat.proxy.log)).toContain("the credits are used up: see Billing");
  });

  it.each([
    [401, 502, "platform_rejected_request"],
    [404, 502, "platform_rejected_request"],
    [429, 502, "platform_unavailable"],
    [500, 502, "platform_unavailable"],
  ])("when a conversation is opened with %d", async (failStatus, status, code) => {
    const chat = await startBrokenLexey({ fail: "conversations", failStatus });
    expect(await chat.visitor.reply(QUESTION)).toMatchObject({ status, body: { code } });
    chat.misbehave({ fail: "none" });
    await send(chat, QUESTION);
  });

  it("when the history before it can't be read, and nothing is sent", async () => {
    const chat = await startBrokenLexey();
    const { conversationId } = await chat.visitor.ask("Hello");
    chat.misbehave({ fail: "messages" });
    const { body } = await chat.visitor.reply(QUESTION, conversationId);
    expect(body).toMatchObject({ code: "platform_unavailable" });
    chat.misbehave({ fail: "none" });
    expect(await chat.visitor.messages(conversationId)).toHaveLength(2);
  });
});

describe("a send that is taken and not answered", () => {
  it("is found in the history, and its answer is shown", async () => {
    const chat = await startBrokenLexey({ reply: "lost" });
    const { messageId, conversationId: handle } = await send(chat, QUESTION);
    expect(messageId).toBe("m0");
    const stream = await chat.visitor.stream(handle);
    expect((await stream.answer(messageId)).content).toContain("€49");
    const { messages } = await expectSame(chat, handle, stream);
    expect(messages).toHaveLength(2);
  });

  it("is not sent twice by a second try with its key", async () => {
    const chat = await startBrokenLexey({ reply: "lost", fail: "messages" });
    const headers = { "Idempotency-Key": "key-of-a-lost-send" };
    const first = await chat.visitor.reply(QUESTION, undefined, headers);
    expect(first.body).toMatchObject({ code: "send_outcome_unknown" });
    chat.misbehave({ reply: "answered", fail: "none" });
    const { body } = await chat.visitor.reply(QUESTION, undefined, headers);
    const { kept } = await chat.read(idOf(body.conversationId));
    expect(kept.filter((message) => JSON.stringify(message).includes(QUESTION))).toHaveLength(1);
  });
});

it("waits for the answer under way, then is sent", async () => {
  const chat = await startBrokenLexey({ tokensPerSecond: 150 });
  const { conversationId: handle } = await send(chat, QUESTION);
  const stream = await chat.visitor.stream(handle);
  await stream.until("some text", isChunk);
  expect((await chat.visitor.reply("And to Norway?", handle)).status).toBe(202);
  await eventually("both answers", async () =>
    (await chat.visitor.messages(handle)).length === 4 ? true : undefined,
  );
  const { messages } = await expectSame(chat, handle, stream);
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
});
