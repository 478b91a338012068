import { once } from "node:events";
import { connect } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import {
  createVisitor,
  eventually,
  isChunk,
  isIdle,
  PLATFORMS,
  tile,
} from "../../support/proxy.ts";

const QUESTION = "What does shipping cost?";
/** Slow enough to look at an answer while it is written. */
const SLOW = { thinkingMs: 200, tokensPerSecond: 150 };

describe.each(PLATFORMS)("on %s viewers", (_name, startChat) => {
  it("see the same events with the same ids", async () => {
    const { visitor, conversationId, first } = await midAnswer();
    const second = await visitor.stream(conversationId);
    await Promise.all([first.until("idle", isIdle), second.until("idle", isIdle)]);
    const start = second.events.findIndex(({ event }) => event === "conversation:init");
    const later = second.events.slice(start + 1);
    expect(later.length).toBeGreaterThan(3);
    expect(first.events.slice(-later.length)).toEqual(later);
  });

  it("get the partial answer in the snapshot when they come in the middle of it", async () => {
    const { visitor, conversationId, first } = await midAnswer();
    const second = await visitor.stream(conversationId);
    const { partial, state, messages } = await second.snapshot();
    expect(state).toBe("responding");
    expect(messages.at(-1)).toMatchObject({ role: "user", content: QUESTION });
    expect(partial?.text).not.toBe("");
    await Promise.all([first.until("idle", isIdle), second.until("idle", isIdle)]);
    const [complete] = second.all("message:complete");
    expect(complete?.provisionalId ?? complete?.message.id).toBe(partial?.messageId);
    expect(tile(second)).toEqual({ text: complete?.message.content, isGapless: true });
  });

  it("resume after their last event without gap or duplicate", async () => {
    const { visitor, conversationId, first } = await midAnswer();
    const last = first.events.at(-1);
    const resumed = await visitor.stream(conversationId, { "Last-Event-ID": last?.id });
    await Promise.all([first.until("idle", isIdle), resumed.until("idle", isIdle)]);
    const index = first.events.findIndex(({ id }) => id === last?.id);
    expect(resumed.events.slice(1)).toEqual(first.events.slice(index + 1));
  });

  it("that were away for longer than events are kept get a snapshot, who missed nothing does not", async () => {
    const proxy = await startChat({}, {}, { relayTimes: { graceMs: 40, resumeMs: 40 } });
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    const stream = await visitor.stream(conversationId);
    await stream.snapshot();
    const { body } = await visitor.reply("Thank you", conversationId);
    await stream.answer(body.messageId);
    await stream.until("idle", isIdle);
    const [early, late] = [stream.events.find(({ id }) => id), stream.events.at(-1)];
    const resume = async (id: string | undefined) => {
      const resumed = await visitor.stream(conversationId, { "Last-Event-ID": id });
      const first = await resumed.until("an event", ({ event }) => event !== "connected");
      resumed.close();
      return first.event;
    };
    await eventually("a snapshot", async () => {
      return (await resume(early?.id)) === "conversation:init" || undefined;
    });

    const resumed = await visitor.stream(conversationId, { "Last-Event-ID": late?.id });
    const next = await visitor.reply("Bye", conversationId);
    await resumed.answer(next.body.messageId);
    expect(resumed.all("conversation:init")).toEqual([]);
  });

  it("that leave before they are let in take no place and keep nothing open", async () => {
    const proxy = await startChat({}, { LIMIT_STREAMS_PER_VISITOR: "2" });
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const socket = connect(proxy.port, "127.0.0.1");
      await once(socket, "connect");
      socket.write(
        `GET /api/conversations/${conversationId}/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${visitor.token}\r\n\r\n`,
      );
      // Now or a moment later: while the token is checked, or when the stream has just begun.
      if (attempt % 3 > 0) await new Promise((resolve) => setTimeout(resolve, attempt % 3));
      socket.resetAndDestroy();
    }
    const { registry } = proxy.proxy.metrics;
    const viewers = () => registry.getSingleMetricAsString("lex_chat_viewers");
    await eventually("no viewer", async () =>
      (await viewers()).includes("lex_chat_viewers 0") ? true : undefined,
    );
    const [one, other] = [
      await visitor.stream(conversationId),
      await visitor.stream(conversationId),
    ];
    await Promise.all([one.snapshot(), other.snapshot()]);
    expect(await viewers()).toContain("lex_chat_viewers 2");
  });

  it("miss nothing by resuming at the newest event", async () => {
    const { visitor, conversationId, first } = await midAnswer();
    await first.until("idle", isIdle);
    const newest = first.events.at(-1)?.id;
    const resumed = await visitor.stream(conversationId, { "Last-Event-ID": newest });
    await resumed.until("connected", ({ event }) => event === "connected");
    await visitor.reply("Thanks", conversationId);
    await resumed.until("idle", isIdle);
    expect(resumed.all("conversation:init")).toEqual([]);
    expect(resumed.all("message:new").map(({ message }) => message.content)).toEqual(["Thanks"]);
  });

  describe("with a Last-Event-ID that says nothing", () => {
    let chat: Awaited<ReturnType<typeof midAnswer>>;
    beforeAll(async () => (chat = await midAnswer()));

    it.each([
      ["of another epoch", () => "0123456789ab-1"],
      ["from the future", (id: string) => `${id.split("-")[0]}-99999`],
      ["that is no id", () => "yesterday"],
      ["that is empty", () => ""],
      ["that is huge", () => "9".repeat(4000)],
    ])("get a snapshot: one %s", async (_name, make) => {
      const id = make(chat.first.events.at(-1)?.id ?? "");
      const resumed = await chat.visitor.stream(chat.conversationId, { "Last-Event-ID": id });
      expect((await resumed.snapshot()).messages.length).toBeGreaterThan(2);
    });
  });

  it("get a snapshot when what they missed is no longer kept", async () => {
    const proxy = await startChat({ tokensPerSecond: 100_000 }, { COALESCE_MS: "0" });
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    const first = await visitor.stream(conversationId);
    await first.snapshot();
    const { id } =
      (await first.until("the snapshot", ({ event }) => event.endsWith(":init"))) ?? {};
    // Each answer is well over a hundred chunks; the log keeps 2000 events.
    let seen = 0;
    while (seen < 2000) {
      await visitor.ask(QUESTION, conversationId);
      seen = first.events.length;
    }
    const resumed = await visitor.stream(conversationId, { "Last-Event-ID": id });
    expect((await resumed.snapshot()).messages.length).toBeGreaterThan(2);
  });

  async function midAnswer() {
    const proxy = await startChat(SLOW);
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    const first = await visitor.stream(conversationId);
    await first.snapshot();
    await visitor.reply(QUESTION, conversationId);
    await first.until("some text", isChunk);
    return { visitor, conversationId, first };
  }
});
