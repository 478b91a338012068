/** More than the stream breaks: calls fail, connections are refused, answers have no end, all is forgotten. */
import { describe, expect, test } from "vitest";
import type { Breaks } from "../../../demo/platform/index.ts";
import { isChunk } from "../../support/event-stream.ts";
import { createVisitor, eventually } from "../../support/proxy.ts";
import { show } from "../../support/shown.ts";
import {
  askBroken,
  expectSame,
  FAST_TIMES,
  idOf,
  QUESTION,
  send,
  startBrokenChat,
  startVisit,
  type BrokenChat,
} from "./broken-chat.ts";

type Breakable = BrokenChat & { misbehave: (change: Partial<Breaks>) => void };

/** A viewer who has seen a part of an answer, which has no end before `tell` lets it have one. */
async function halfAnswered(chat: Breakable) {
  chat.misbehave({ end: "never" });
  const { conversationId: handle } = await send(chat, QUESTION);
  const stream = await chat.visitor.stream(handle);
  // It may all have come before the snapshot, and is in it then.
  await stream.until(
    "some text",
    (seen) => isChunk(seen) || (seen.event === "conversation:init" && !!seen.data.partial?.text),
  );
  return { stream, handle };
}

describe("a viewer ends up with what the platform has while", () => {
  test.each<[string, Partial<Breaks>]>([
    ["its stream answers 503", { fail: "stream", fault: "reset", faultAfter: 1 }],
    ["its stream is an HTML page", { streamType: "html", fault: "end", faultAfter: 1 }],
    ["its status answers 503", { fail: "status" }],
    ["neither status nor stream can be had", { fail: "status", fault: "end", faultAfter: 0 }],
    ["the end of an answer is not told", { end: "untold" }],
    ["neither the end is told nor anything after it", { end: "untold", fault: "stall" }],
    ["the history has an answer while it is written", { history: "partial" }],
    ["that history is all there is", { history: "partial", fault: "reset", faultAfter: 3 }],
    ["that history stands before an HTML page", { history: "partial", streamType: "html" }],
  ])("%s", async (_name, breaks) => {
    const chat = await startBrokenChat({ tokensPerSecond: 300 });
    await askBroken(chat, breaks);
  });

  test("the answer to a send is lost", async () => {
    const chat = await startBrokenChat();
    await askBroken(chat, { reply: "lost" });
    const { messages } = await chat.lex.messages(idOf((await send(chat, "Hello")).conversationId));

    expect(messages.filter(({ role }) => role === "user")).toHaveLength(1);
  });

  test("it says for ever that it is responding", async () => {
    const chat = await startBrokenChat();
    const { conversationId: handle } = await chat.visitor.ask("Hello");
    const stream = await chat.visitor.stream(handle);
    chat.misbehave({ end: "stuck" });
    await send(chat, QUESTION, handle);
    expect((await stream.answer("")).content).toContain("€49");
    chat.misbehave({ end: "told" });

    await expectSame(chat, handle, stream);
  });

  test.each<[string, Partial<Breaks>]>([
    ["connections are refused", { refuseMs: 300 }],
    ["every call answers 503", { fail: "all", fault: "reset", faultAfter: 0 }],
  ])("for a while in the middle of an answer %s", async (_name, breaks) => {
    const chat = await startBrokenChat();
    const { stream, handle } = await halfAnswered(chat);
    chat.misbehave({ ...breaks, end: "told" });
    await eventually("a stream that is down", () =>
      chat.proxy.log.find(({ msg }) => msg === "the platform's stream is down") ? true : undefined,
    );
    chat.misbehave({ fail: "none", fault: "none" });

    await expectSame(chat, handle, stream);
    expect(stream.all("error")).toEqual([]);
  });
});

describe("the platform is restarted", () => {
  test("in the middle of an answer: viewers see what it still has, are told, and can go on", async () => {
    const chat = await startBrokenChat();
    const { stream, handle } = await halfAnswered(chat);
    const other = await chat.visitor.stream(handle);
    await other.snapshot();
    chat.misbehave({ restartMs: 100, end: "told" });

    for (const viewer of [stream, other]) {
      await viewer.until("the error", ({ event }) => event === "error");
      expect(viewer.all("error")).toMatchObject([{ code: "answer_lost", retryable: true }]);
      const shown = await expectSame(chat, handle, viewer);
      expect(shown.messages).toMatchObject([{ role: "user", content: QUESTION }]);
    }
    await send(chat, QUESTION, handle);
    expect((await stream.answer("")).content).toContain("€49");
    await expectSame(chat, handle, stream);
    await expectSame(chat, handle, other);
  });

  test("and asked again at once: what was lost is gone from the page too", async () => {
    // The next question comes before the first one is given up.
    const relayTimes = { ...FAST_TIMES, lostMs: 60_000 };
    const chat = await startBrokenChat({}, { relayTimes });
    const { stream, handle } = await halfAnswered(chat);
    chat.misbehave({ restartMs: 50, end: "told" });
    await send(chat, "And to Norway?", handle);

    const { messages } = await expectSame(chat, handle, stream);
    expect(messages.map(({ role }) => role)).toEqual(["user", "user", "assistant"]);
  });

  test("while it thinks: viewers are told", async () => {
    const chat = await startBrokenChat({ thinkingMs: 60_000 });
    const { conversationId: handle } = await send(chat, QUESTION);
    const stream = await chat.visitor.stream(handle);
    await stream.snapshot();
    chat.misbehave({ restartMs: 100 });
    await stream.until("the error", ({ event }) => event === "error");

    await expectSame(chat, handle, stream);
  });

  test("while a stopped answer is written: nothing is said of it", async () => {
    const chat = await startBrokenChat();
    const { stream, handle } = await halfAnswered(chat);
    await chat.visitor.request(`/${handle}/stop`, { method: "POST" });
    chat.misbehave({ restartMs: 100, end: "told" });
    await send(chat, QUESTION, handle);
    // Whole, if it was there before it was known that the question had arrived.
    await stream.until(
      "the second answer",
      ({ event, data }) =>
        (event === "message:complete" && !("stopped" in data)) ||
        (event === "message:new" && data.message.role === "assistant"),
    );

    expect(stream.all("error")).toEqual([]);
  });
});

test("an answer that never comes ends with an error, and the next one is streamed", async () => {
  const chat = await startBrokenChat(
    {},
    { relayTimes: { giveUpMs: 500, pollMs: 50, silenceMs: 50 } },
  );
  const { stream, handle } = await halfAnswered(chat);
  await stream.until("the error", ({ event }) => event === "error");
  expect(stream.all("error")).toMatchObject([{ code: "platform_timeout", retryable: true }]);

  chat.misbehave({ end: "told" });
  await expectSame(chat, handle, stream);
  await send(chat, "Hello", handle);
  await expectSame(chat, handle, stream);
});

describe("an answer that was stopped before its first word", () => {
  test.each<[string, Partial<Breaks>]>([
    ["is told", {}],
    ["is not told", { end: "untold" }],
    ["is told out of order", { order: "swapped" }],
    ["comes by no stream", { streamType: "html", fault: "end", faultAfter: 0 }],
  ])("is not taken for the next one's, when its end %s", async (_name, breaks) => {
    const chat = await startBrokenChat({ thinkingMs: 300, framing: "envelope" });
    const { conversationId: handle } = await send(chat, "Hello");
    const stream = await chat.visitor.stream(handle);
    await expectSame(chat, handle, stream);
    chat.misbehave(breaks);
    await send(chat, "How do I clean the grinder?", handle);
    const stop = await chat.visitor.request(`/${handle}/stop`, { method: "POST" });
    expect(stop.body).toEqual({ stopped: true });
    await send(chat, QUESTION, handle);

    const said = await eventually("the second answer, the same as the history", async () => {
      const kept = (await chat.visitor.messages(handle)).map(({ content }) => content);
      const shown = show(stream.events).messages.map(({ content }) => content);
      const visible = shown.filter((content) => content !== "");
      return kept.length === 5 && kept.join() === visible.join() ? kept : undefined;
    });
    expect(said.join()).not.toContain("burrs");
    expect(said.at(-1)).toContain("€49");
  });
});

describe("without any stream", () => {
  test("what the agent says of its own accord reaches viewers all the same", async () => {
    const chat = await startBrokenChat({ streamType: "html" });
    const { conversationId: handle } = await chat.visitor.ask("Hello");
    const stream = await chat.visitor.stream(handle);
    await stream.snapshot();
    await chat.lex.call("POST", "/demo/proactive", {
      content: "Still there?",
      conversationId: idOf(handle),
    });
    await stream.until("the message", ({ event }) => event === "message:new");

    await expectSame(chat, handle, stream);
  });

  test("answers come whole, and stream again when it is back", async () => {
    const chat = await startBrokenChat();
    const { stream, handle } = await askBroken(chat, {
      streamType: "html",
      fault: "end",
      faultAfter: 0,
    });
    expect(stream.all("message:chunk")).toEqual([]);
    chat.misbehave({ streamType: "events", fault: "none" });
    await send(chat, "And to Norway?", handle);
    await stream.until("a chunk", isChunk);

    await expectSame(chat, handle, stream);
  });
});

describe("an answer that is joined while it is written", () => {
  test.each(["whole", "partial"] as const)(
    "by a new proxy, from a history of %s answers, is shown whole at its end",
    async (history) => {
      const chat = await startBrokenChat({ history });
      const { handle } = await halfAnswered(chat);
      const second = await startVisit(chat.url);
      const visitor = await createVisitor(second.proxy.url, { token: chat.visitor.token });
      const stream = await visitor.stream(handle);
      expect((await stream.snapshot()).messages).toMatchObject([{ content: QUESTION }]);
      chat.misbehave({ end: "told" });

      const shown = await expectSame(chat, handle, stream);
      expect(shown.messages[1]?.content).toContain("€49");
    },
  );
});
