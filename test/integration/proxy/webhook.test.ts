/** With the platform's webhook configured, who only reads costs the platform nothing. */
import { expect, it } from "vitest";
import {
  API_KEY,
  call,
  createVisitor,
  eventually,
  isChunk,
  startPlatform,
  startProxy,
  type TestProxy,
} from "../../support/proxy.ts";

const WEBHOOK_SECRET = "what-the-platform-sends-along-with-webhooks";
const GRACE = { graceMs: 50 };

async function startVisit(environment: NodeJS.ProcessEnv) {
  const platform = await startPlatform({ tokensPerSecond: 200 });
  const proxy = await startProxy(platform.url, environment, { relayTimes: GRACE });
  const visitor = await createVisitor(proxy.url);
  const { conversationId } = await visitor.ask("Hello");
  const stream = await visitor.stream(conversationId);
  await stream.snapshot();
  return { platform, proxy, visitor, conversationId, stream };
}

const streams = async ({ proxy }: TestProxy): Promise<number> =>
  Number(/^lex_chat_platform_streams (\d+)/m.exec(await proxy.metrics.registry.metrics())?.[1]);

const idOf = (handle: string): string =>
  Buffer.from(handle.split(".")[0] ?? "", "base64url").toString();

function nudge(proxy: TestProxy, conversationId: string) {
  return call(`${proxy.url}/webhooks/lex`, {
    body: { conversationId },
    headers: { "X-Webhook-Secret": WEBHOOK_SECRET },
  });
}

const speakUp = (platformUrl: string, conversationId: string, content: string) =>
  call(`${platformUrl}/demo/proactive`, {
    body: { conversationId, content },
    headers: { Authorization: `Bearer ${API_KEY}` },
  });

it("closes the platform's stream while nothing is answered, and viewers hear by the webhook", async () => {
  const { platform, proxy, visitor, conversationId, stream } = await startVisit({ WEBHOOK_SECRET });
  await eventually("no stream", async () => (await streams(proxy)) === 0 || undefined);
  await speakUp(platform.url, idOf(conversationId), "Your parcel is on its way.");
  expect((await nudge(proxy, idOf(conversationId))).status).toBe(204);
  const { data } = await stream.until("the news", ({ event }) => event === "message:new");
  expect(data).toMatchObject({ message: { content: "Your parcel is on its way." } });

  expect((await nudge(proxy, idOf(conversationId))).status).toBe(204);
  const { body } = await visitor.reply("Thank you", conversationId);
  await stream.until("tokens again", isChunk);
  await stream.answer(body.messageId);
  expect(stream.all("message:new").map(({ message }) => message.content)).toEqual([
    "Your parcel is on its way.",
    "Thank you",
  ]);
});

it("asks nothing of the platform for a viewer who only reads, but the history and the state", async () => {
  const { proxy, visitor, conversationId, stream } = await startVisit({ WEBHOOK_SECRET });
  await eventually("no stream", async () => (await streams(proxy)) === 0 || undefined);
  stream.close();
  const again = await visitor.stream(conversationId);
  expect((await again.snapshot()).messages).toHaveLength(2);
  expect(await streams(proxy)).toBe(0);
});

it("follows an answer that is under way when a viewer comes", async () => {
  const { proxy, visitor, conversationId, stream } = await startVisit({ WEBHOOK_SECRET });
  await eventually("no stream", async () => (await streams(proxy)) === 0 || undefined);
  stream.close();
  const { body } = await visitor.reply("What do you roast?", conversationId);
  const later = await visitor.stream(conversationId);
  expect((await later.answer(body.messageId)).content).not.toBe("");
});

it("keeps the platform's stream for a viewer when there is no webhook", async () => {
  const { platform, proxy, conversationId, stream } = await startVisit({});
  await new Promise((resolve) => setTimeout(resolve, GRACE.graceMs * 5));
  expect(await streams(proxy)).toBe(1);
  await speakUp(platform.url, idOf(conversationId), "Your parcel is on its way.");
  await stream.until("the news", ({ event }) => event === "message:new");
});

it("answers and counts a webhook for a conversation that nobody here holds, and shows it to nobody", async () => {
  const { platform, proxy, stream } = await startVisit({ WEBHOOK_SECRET });
  const { body } = await speakUp(platform.url, "", "A secret of somebody else.");
  const { conversationId = "" } = body as { conversationId?: string };
  expect((await nudge(proxy, conversationId || "nobody-has-this")).status).toBe(204);
  const metrics = await proxy.proxy.metrics.registry.metrics();
  expect(metrics).toContain('lex_chat_webhooks_total{known="false"} 1');
  expect(stream.all("message:new")).toEqual([]);
});
