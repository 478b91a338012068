/** A new version goes out while visitors chat: two proxy processes behind nginx, one after the other. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Message } from "../../../proxy/protocol.ts";
import type { EventStream } from "../../support/event-stream.ts";
import { findPort } from "../../support/programs.ts";
import { createVisitor, eventually, startPlatform, type Visitor } from "../../support/proxy.ts";
import { startProxyProcess } from "../../support/proxy-process.ts";
import { findRedis, startRedis } from "../../support/redis.ts";
import { canStart, startNginx } from "../../support/reverse-proxies.ts";

const VISITORS = 4;

/** The first answer after a question, wherever the stream tells of both; a snapshot begins anew. */
function findAnswer({ events }: EventStream, question: string): Message | undefined {
  let messages: Message[] = [];
  for (const { event, data } of events) {
    if (event === "conversation:init") messages = [...data.messages];
    if (event === "message:new" || event === "message:complete") messages.push(data.message);
  }
  const index = messages.findIndex(({ id }) => id === question);
  return index < 0 ? undefined : messages.slice(index).find(({ role }) => role === "assistant");
}

/** One question, and its answer as a widget gets it: a stream that ends is opened again. */
async function ask(visitor: Visitor, conversationId?: string) {
  const headers = { "Idempotency-Key": randomUUID() };
  const sent = await visitor.reply("What does shipping cost?", conversationId, headers);
  expect(sent, sent.text).toHaveProperty("status", 202);
  const { conversationId: handle, messageId } = sent.body;
  for (;;) {
    const stream = await visitor.stream(handle);
    expect(stream.status).toBe(200);
    await stream
      .until("an answer", () => findAnswer(stream, messageId) !== undefined)
      .catch((error: Error) => {
        if (!error.message.includes("the stream ended")) throw error;
      });
    stream.close();
    const answer = findAnswer(stream, messageId);
    if (answer) return { conversationId: handle, answer };
  }
}

/** A visitor who asks again and again, in one conversation, until told to stop. */
function startChatting(visitor: Visitor) {
  const answers: Message[] = [];
  const stopping = new AbortController();
  async function chat(): Promise<Message[]> {
    let handle: string | undefined;
    while (handle === undefined || !stopping.signal.aborted) {
      const { conversationId, answer } = await ask(visitor, handle);
      handle = conversationId;
      answers.push(answer);
    }
    return visitor.messages(handle, "?limit=100");
  }
  return {
    answers,
    stop: () => stopping.abort(),
    /** Resolves with what the platform has of the conversation, once stopped. */
    history: chat(),
  };
}

describe.skipIf(!canStart("nginx") || findRedis() === null)("a rolling restart", () => {
  it("shows no visitor an error, and loses and doubles no message", async () => {
    const redis = await startRedis();
    const platform = await startPlatform({ tokensPerSecond: 200 });
    const environment = {
      LEX_URL: platform.url,
      REDIS_URL: redis.url,
      TRUST_PROXY: "1",
      LIMIT_MESSAGES_PER_ADDRESS: "1000",
      LIMIT_MESSAGES_PER_VISITOR: "1000",
      LIMIT_READS_PER_VISITOR: "10000",
    };
    const ports = [await findPort(), await findPort()] as const;
    const start = (port: number) => startProxyProcess({ ...environment, PORT: String(port) });
    const proxies = await Promise.all(ports.map(start));
    const { url, fetch } = await startNginx({ ports: [ports[0], ports[1]] });
    const visitors = await Promise.all(
      Array.from({ length: VISITORS }, () => createVisitor(url, { fetch })),
    );
    const chats = visitors.map(startChatting);
    const histories = Promise.all(chats.map(({ history }) => history));
    const chatOn = async (): Promise<void> => {
      const before = chats.map(({ answers }) => answers.length);
      const hasAll = (): boolean =>
        chats.every(({ answers }, index) => answers.length > (before[index] ?? 0));
      const answered = eventually("an answer for each visitor", () => hasAll() || undefined);
      await Promise.race([answered, histories]);
    };

    for (const proxy of proxies) {
      await chatOn();
      expect(await proxy.end()).toBe(0);
      await chatOn();
      await start(proxy.port);
    }

    for (const { stop } of chats) stop();
    for (const [index, history] of (await histories).entries()) {
      const { answers = [] } = chats[index] ?? {};
      expect(history.filter(({ role }) => role === "assistant")).toEqual(answers);
      expect(history.filter(({ role }) => role === "user")).toHaveLength(answers.length);
    }
  }, 60_000);
});
