import { describe, expect, it } from "vitest";
import type { ConversationsResponse } from "../../../proxy/protocol.ts";
import {
  createVisitor,
  eventually,
  isChunk,
  isIdle,
  PLATFORMS,
  tile,
  type Visitor,
} from "../../support/proxy.ts";

const QUESTION = "What does shipping cost?";
/** Slow enough to stop an answer while it is written. */
const SLOW = { thinkingMs: 200, tokensPerSecond: 150 };

describe.each(PLATFORMS)("on %s stop", (_name, startChat) => {
  it("ends the visible answer at once and shows nothing of what the platform writes on", async () => {
    const proxy = await startChat(SLOW);
    const visitor = await createVisitor(proxy.url);
    const { body } = await visitor.reply(QUESTION);
    const stream = await visitor.stream(body.conversationId);
    await stream.until("some text", isChunk);
    expect((await stop(visitor, body.conversationId)).body).toEqual({ stopped: true });
    const stopped = await stream.until("the end", ({ event }) => event === "message:complete");
    const shown = tile(stream).text;
    expect(stopped.data).toMatchObject({ stopped: true, message: { content: shown } });
    await stream.until("idle", isIdle);
    expect((await stop(visitor, body.conversationId)).body).toEqual({ stopped: false });

    // The platform has finished when the next message is accepted.
    await visitor.ask("Thanks", body.conversationId);
    const [, kept] = await visitor.messages(body.conversationId);
    expect(kept?.content).toBe(shown);
    const [first] = stream.all("message:chunk");
    const chunks = stream.all("message:chunk").filter((all) => all.messageId === first?.messageId);
    expect(chunks.map(({ text }) => text).join("")).toBe(shown);
    const fresh = await (await visitor.stream(body.conversationId)).snapshot();
    expect(fresh.messages[1]?.content).toBe(shown);
  });

  it("shows no answer at all when it comes before the first word", async () => {
    const proxy = await startChat({ thinkingMs: 600, tokensPerSecond: 1000 });
    const visitor = await createVisitor(proxy.url);
    const { body } = await visitor.reply(QUESTION);
    const stream = await visitor.stream(body.conversationId);
    await stream.snapshot();
    expect((await stop(visitor, body.conversationId)).body).toEqual({ stopped: true });
    await visitor.ask("Thanks", body.conversationId);
    expect(
      stream
        .all("message:chunk")
        .map(({ text }) => text)
        .join(""),
    ).not.toContain("€49");
    const contents = (await visitor.messages(body.conversationId)).map(({ content }) => content);
    expect(contents).toEqual([QUESTION, "Thanks", expect.not.stringContaining("€49")]);
  });

  it("leaves the rest of the answer out of the list of conversations", async () => {
    const proxy = await startChat(SLOW);
    const visitor = await createVisitor(proxy.url);
    const { body } = await visitor.reply(QUESTION);
    const stream = await visitor.stream(body.conversationId);
    await stream.until("some text", isChunk);
    await stop(visitor, body.conversationId);
    await stream.until("the end", ({ event }) => event === "message:complete");
    const shown = tile(stream).text;
    const last = await eventually("the platform's end of it", async () => {
      const { body: list } = await visitor.request<ConversationsResponse>(
        `?ids=${body.conversationId}`,
      );
      const message = list.conversations[0]?.lastMessage;
      return message?.role === "assistant" ? message : undefined;
    });
    expect(last.content).toBe(shown);
  });

  it("stops nothing when nothing is being answered", async () => {
    const proxy = await startChat();
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    await eventually("idle", async () =>
      (await stop(visitor, conversationId)).body.stopped ? undefined : true,
    );
  });

  const stop = (visitor: Visitor, handle: string) =>
    visitor.request<{ stopped: boolean }>(`/${handle}/stop`, { method: "POST" });
});
