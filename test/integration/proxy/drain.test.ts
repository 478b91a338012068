import { expect, it } from "vitest";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import type { ConversationsResponse } from "../../../proxy/protocol.ts";
import { startProxyProcess } from "../../support/proxy-process.ts";
import {
  call,
  createVisitor,
  eventually,
  isChunk,
  lexeyAt,
  startPlatform,
  tile,
} from "../../support/proxy.ts";

const QUESTION = "What do you roast?";

const lexAt = (url: string) => ({ LEX_URL: url });

/** A proxy process with a visitor who has chatted, and with one more who asks right now. */
async function startBusyProxy(
  drainSeconds: number,
  platform: PlatformOptions = {},
  settingsAt: (url: string) => Record<string, string> = lexAt,
) {
  const { url } = await startPlatform({ tokensPerSecond: 40, ...platform });
  const environment = { ...settingsAt(url), DRAIN_SECONDS: String(drainSeconds) };
  const proxy = await startProxyProcess(environment);
  const visitor = await createVisitor(proxy.url);
  const { conversationId } = await visitor.ask("Hello");
  const idle = await visitor.stream(conversationId);
  await idle.snapshot();
  const other = await createVisitor(proxy.url);
  const { body } = await other.reply(QUESTION);
  const busy = await other.stream(body.conversationId);
  await busy.until("a piece", isChunk);
  const question = { id: body.messageId, handle: body.conversationId };
  return { proxy, visitor, conversationId, idle, other, busy, question };
}

it.concurrent.each([
  ["Lex", lexAt],
  ["Lexey", lexeyAt],
])("on %s ends idle viewers at once, and lets answers finish", async (_name, settingsAt) => {
  const { proxy, idle, busy, question } = await startBusyProxy(15, {}, settingsAt);
  const exited = proxy.end();
  await idle.ended();
  expect(idle.retries.at(-1)).toBeGreaterThanOrEqual(500);
  expect(busy.all("message:complete")).toEqual([]);

  const answer = await busy.answer(question.id);
  expect(tile(busy)).toEqual({ text: answer.content, isGapless: true });
  await busy.ended();
  expect(busy.retries.at(-1)).toBeGreaterThanOrEqual(500);
  expect(await exited).toBe(0);
});

it.concurrent("takes nothing new meanwhile, and says so", async () => {
  const { proxy, visitor, conversationId, idle } = await startBusyProxy(60, {
    tokensPerSecond: 6,
  });
  void proxy.end();
  await idle.ended();
  const ready = await call(`${proxy.url}/readyz`);
  expect(ready.status).toBe(503);
  expect((await call(`${proxy.url}/healthz`)).status).toBe(200);
  const sent = await visitor.reply("One more?", conversationId);
  expect(sent.status).toBe(503);
  expect(sent.body).toMatchObject({ code: "shutting_down", retryable: true });
  expect(Number(sent.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect((await visitor.stream(conversationId)).status).toBe(503);
  expect((await call(`${proxy.url}/api/session`, { body: {} })).status).toBe(503);
  await proxy.end("SIGKILL");
});

it.concurrent("lets visitors read meanwhile, and stop an answer that is under way", async () => {
  const { proxy, visitor, conversationId, idle, other, busy, question } = await startBusyProxy(60, {
    tokensPerSecond: 6,
  });
  void proxy.end();
  await idle.ended();
  expect(await visitor.messages(conversationId)).toHaveLength(2);
  const list = await visitor.request<ConversationsResponse>(`?ids=${conversationId}`);
  expect(list.body.conversations).toMatchObject([{ conversationId, state: "idle" }]);
  const status = await other.request(`/${question.handle}/status`);
  expect(status.body).toMatchObject({ state: "responding" });

  const { body } = await other.request(`/${question.handle}/stop`, { method: "POST" });
  expect(body).toEqual({ stopped: true });
  await busy.until("the cut", ({ event }) => event === "message:complete");
  expect(busy.all("message:complete")).toMatchObject([{ stopped: true }]);
  await proxy.end("SIGKILL");
});

it.concurrent("cuts an answer that takes longer than DRAIN_SECONDS, and still exits with 0", async () => {
  const { proxy, busy } = await startBusyProxy(1, { tokensPerSecond: 4 });
  expect(await proxy.end()).toBe(0);
  await busy.ended();
  expect(busy.all("message:complete")).toEqual([]);
  expect(busy.retries.at(-1)).toBeGreaterThanOrEqual(500);
});

it.concurrent("refuses a message that waits for a busy platform: nothing of it was sent", async () => {
  const { url } = await startPlatform({ tokensPerSecond: 10 });
  const proxy = await startProxyProcess({ LEX_URL: url, DRAIN_SECONDS: "15" });
  const visitor = await createVisitor(proxy.url);
  const { body } = await visitor.reply(QUESTION);
  const stream = await visitor.stream(body.conversationId);
  await stream.until("a piece", isChunk);
  const held = visitor.reply("And returns?", body.conversationId);
  await eventually("the message to wait", async () => {
    const { status } = await visitor.reply("And this?", body.conversationId);
    return status === 409 || undefined;
  });
  const exited = proxy.end();
  expect((await held).body).toMatchObject({ code: "shutting_down" });
  expect((await stream.answer(body.messageId)).content).not.toBe("");
  expect(await exited).toBe(0);
});
