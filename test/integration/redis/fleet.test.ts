import { createHmac, randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import { createConversationKeys } from "../../../proxy/redis/conversation-keys.ts";
import { signIdentity } from "../../../proxy/index.ts";
import type { StatusResponse } from "../../../proxy/protocol.ts";
import type { SeenEvent } from "../../support/event-stream.ts";
import { finishedAnswer, openPage } from "../../support/page.ts";
import {
  API_KEY,
  call,
  createVisitor,
  eventually,
  isChunk,
  lexeyAt,
  ORIGIN,
  startPlatform,
  startProxy,
  tile,
} from "../../support/proxy.ts";
import { connectTo } from "../../support/redis-connection.ts";
import { startRedis } from "../../support/redis.ts";

const WEBHOOK_SECRET = "webhook-secret-of-the-integration-tests";
const SLOW = { tokensPerSecond: 100 };

async function startFleet(
  options: PlatformOptions = {},
  environment: NodeJS.ProcessEnv = {},
  settingsAt: (url: string) => NodeJS.ProcessEnv = () => ({}),
) {
  const [platform, redis] = await Promise.all([startPlatform(options), startRedis()]);
  const settings = {
    REDIS_URL: redis.url,
    ...environment,
    ...settingsAt(platform.url),
  };
  const [a, b] = await Promise.all([
    startProxy(platform.url, settings),
    startProxy(platform.url, settings),
  ]);
  for (const { log } of [a, b])
    await eventually("Redis", () => log.find(({ msg }) => msg === "Redis is connected"));
  const visitor = await createVisitor(a.url);
  const elsewhere = await createVisitor(b.url, { token: visitor.token });
  return { platform, redis, a, b, visitor, elsewhere };
}

const isEnd = ({ event }: SeenEvent): boolean => event === "message:complete";

const subscriptions = async (...proxies: Array<{ proxy: { metrics: { registry: unknown } } }>) => {
  let sum = 0;
  for (const { proxy } of proxies) {
    const { registry } = proxy.metrics as { registry: { metrics: () => Promise<string> } };
    const text = await registry.metrics();
    sum += Number(/^lex_chat_platform_streams (\d+)/m.exec(text)?.[1]);
  }
  return sum;
};

it("shows the viewers of two proxies the same events, over one stream of the platform", async () => {
  const { a, b, visitor, elsewhere } = await startFleet(SLOW);
  const { conversationId } = await visitor.ask("Hello");
  const streams = [await visitor.stream(conversationId), await elsewhere.stream(conversationId)];
  await Promise.all(streams.map((stream) => stream.snapshot()));
  const { body } = await visitor.reply("How long does shipping take?", conversationId);
  const [first, second] = await Promise.all(
    streams.map((stream) => stream.until("the end", isEnd)),
  );

  expect(first).toEqual(second);
  expect(await subscriptions(a, b)).toBe(1);
  const seen = streams.map(({ events }) =>
    events.filter(({ event }) => event.startsWith("message:")),
  );
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]?.[0]?.data).toMatchObject({ message: { id: body.messageId } });
});

it("sends by the other proxy what the visitor of one of them writes, with its key", async () => {
  const { visitor, elsewhere } = await startFleet();
  const { conversationId } = await visitor.ask("Hello");
  const stream = await visitor.stream(conversationId);
  await stream.snapshot();
  const key = randomUUID();
  const { status, body } = await elsewhere.reply("And returns?", conversationId, {
    "Idempotency-Key": key,
  });
  expect(status).toBe(202);
  const { data } = await stream.until("the question", ({ event }) => event === "message:new");
  expect(data).toMatchObject({ key, message: { id: body.messageId, content: "And returns?" } });
  const answer = await stream.answer(body.messageId);
  expect(tile(stream)).toEqual({ text: answer.content, isGapless: true });
});

it("resumes at the other proxy without a gap or a repetition", async () => {
  const { visitor, elsewhere } = await startFleet(SLOW);
  const { conversationId } = await visitor.ask("Hello");
  const stream = await visitor.stream(conversationId);
  await stream.snapshot();
  const { body } = await visitor.reply("What do you roast?", conversationId);
  const cut = await stream.until("a piece", isChunk);
  stream.close();
  const resumed = await elsewhere.stream(conversationId, { "Last-Event-ID": cut.id });
  const answer = await resumed.answer(body.messageId);

  expect(resumed.all("conversation:init")).toEqual([]);
  const numbers = resumed.events.flatMap(({ id }) => (id ? [Number(id.split("-")[1])] : []));
  const start = Number(cut.id?.split("-")[1]) + 1;
  expect(numbers).toEqual(numbers.map((_, index) => start + index));
  const before = stream.events.slice(0, stream.events.indexOf(cut) + 1).filter(isChunk);
  const whole = [...before, ...resumed.events.filter(isChunk)].map(({ data }) =>
    "text" in data ? data.text : "",
  );
  expect(whole.join("")).toBe(answer.content);
});

it("stops an answer that another proxy reads, for all", async () => {
  const { visitor, elsewhere } = await startFleet({ tokensPerSecond: 30 });
  const { conversationId } = await visitor.ask("Hello");
  const stream = await visitor.stream(conversationId);
  await stream.snapshot();
  await visitor.reply("What do you roast?", conversationId);
  await stream.until("a piece", isChunk);
  const { body } = await elsewhere.request<{ stopped: boolean }>(`/${conversationId}/stop`, {
    method: "POST",
  });
  expect(body.stopped).toBe(true);
  const { data } = await stream.until("the end", ({ event }) => event === "message:complete");
  const kept = "message" in data ? (data.message as { id: string; content: string }) : null;
  expect(data).toMatchObject({ stopped: true });
  const shown = await elsewhere.messages(conversationId);
  expect(shown.at(-1)?.content ?? "").toBe(
    shown.at(-1)?.role === "assistant" ? kept?.content : "What do you roast?",
  );
});

it("stops an answer by a proxy that shuts down, until all is over", async () => {
  const drain = { DRAIN_SECONDS: "15" };
  const { a, visitor } = await startFleet({ tokensPerSecond: 30 }, drain);
  const { conversationId } = await visitor.ask("Hello");
  const stream = await visitor.stream(conversationId);
  await stream.snapshot();
  await visitor.reply("What do you roast?", conversationId);
  await stream.until("a piece", isChunk);
  const closing = a.proxy.close();
  await stream.ended();
  const stop = () => visitor.request(`/${conversationId}/stop`, { method: "POST" });
  expect((await stop()).body).toEqual({ stopped: true });
  await closing;
  expect(await stop()).toMatchObject({ status: 503, body: { code: "shutting_down" } });
});

it("hears from the platform by one proxy what viewers of the other see", async () => {
  const webhook = { WEBHOOK_SECRET };
  const { platform, a, b, visitor } = await startFleet({}, webhook);
  const { conversationId } = await visitor.ask("Hello");
  const page = openPage({
    urls: [a.url],
    origin: ORIGIN,
    token: visitor.token,
    handle: conversationId,
  });
  await page.until("the greeting", finishedAnswer);
  const [id = ""] = conversationId.split(".");
  const platformId = Buffer.from(id, "base64url").toString();
  await call(`${platform.url}/demo/proactive`, {
    headers: { Authorization: `Bearer ${API_KEY}` },
    body: { conversationId: platformId, content: "Your parcel is on its way." },
  });
  const { status } = await call(`${b.url}/webhooks/lex`, {
    body: { conversationId: platformId },
    headers: { "X-Webhook-Secret": WEBHOOK_SECRET },
  });
  expect(status).toBe(204);
  await page.until("the news", () =>
    page.messages().some(({ content }) => content === "Your parcel is on its way."),
  );
});

it("keeps what the platform says to a proxy that was killed for the one that goes on", async () => {
  const { platform, redis, a, b, visitor, elsewhere } = await startFleet({}, { WEBHOOK_SECRET });
  const { conversationId } = await visitor.ask("Hello");
  const streams = [await visitor.stream(conversationId), await elsewhere.stream(conversationId)];
  await Promise.all(streams.map((stream) => stream.snapshot()));
  const id = Buffer.from(conversationId.split(".")[0] ?? "", "base64url").toString();
  const connection = await connectTo(redis);
  const { lease } = createConversationKeys(connection, "lex", id);
  // As if an instance that is gone had the lease, for a little while yet.
  await connection.commands.set(lease, "dead:9999", "PX", 1000);
  await call(`${platform.url}/demo/proactive`, {
    headers: { Authorization: `Bearer ${API_KEY}` },
    body: { conversationId: id, content: "Your parcel is on its way." },
  });
  for (const { url } of [a, b]) {
    const { status } = await call(`${url}/webhooks/lex`, {
      body: { conversationId: id },
      headers: { "X-Webhook-Secret": WEBHOOK_SECRET },
    });
    expect(status).toBe(204);
  }
  for (const stream of streams)
    await stream.until("the news", ({ data }) => JSON.stringify(data).includes("on its way"));
});

it("pads each event by a length of its own, once for all viewers of a proxy", async () => {
  const { visitor, elsewhere } = await startFleet(SLOW, { PADDING: "on" });
  const { conversationId } = await visitor.ask("Hello");
  const streams = [
    await visitor.stream(conversationId),
    await visitor.stream(conversationId),
    await elsewhere.stream(conversationId),
  ];
  await Promise.all(streams.map((stream) => stream.snapshot()));
  await visitor.reply("How long does shipping take?", conversationId);
  await Promise.all(streams.map((stream) => stream.until("the end of the answer", isEnd)));
  const chunks = streams.map((stream) =>
    stream
      .raw()
      .split("\n\n")
      .filter((frame) => frame.includes("event: message:chunk")),
  );
  const paddingOf = (frame: string): string | undefined => /^: (p*)\n/.exec(frame)?.[1];
  const [first = [], second, other = []] = chunks;
  const lengths = first.map((frame) => paddingOf(frame)?.length);
  expect(lengths).not.toContain(undefined);
  expect(new Set(lengths).size).toBeGreaterThan(1);
  expect(second).toEqual(first);

  const withoutPadding = (frame: string): string => frame.replace(/^: p*\n/, "");
  expect(other.map(paddingOf)).not.toContain(undefined);
  expect(other.map(withoutPadding)).toEqual(first.map(withoutPadding));
});

it("takes first messages to the channel that all share, whichever proxy speaks for it", async () => {
  const secret = "the-site-signs-its-users-with-this-secret";
  const shared = { CONVERSATIONS: "shared", IDENTITY_SECRET: secret };
  const { a, b } = await startFleet({}, shared);
  const send = async (url: string, subject: string): Promise<number> => {
    const visitor = await createVisitor(url, { identity: await signIdentity({ secret, subject }) });
    return (await visitor.reply("Hello")).status;
  };
  expect(await send(a.url, "ada")).toBe(202);
  // The first one here learns which channel it is, the next one finds that the other proxy has it.
  expect(await send(b.url, "bob")).toBe(202);
  expect(await send(b.url, "eve")).toBe(202);
});

const LEXEY_WEBHOOK_SECRET = "lexey-webhook-secret-of-the-fleet-tests";

/** Lexey's delivery, which is the same each time; the answer's status. */
async function escalate(proxyUrl: string, handle: string): Promise<number> {
  const body = JSON.stringify({
    event: "conversation.escalated",
    conversation: { id: Buffer.from(handle.split(".")[0] ?? "", "base64url").toString() },
  });
  const hex = createHmac("sha256", LEXEY_WEBHOOK_SECRET).update(body).digest("hex");
  const headers = { "X-Lexey-Signature": `sha256=${hex}` };
  return (await call(`${proxyUrl}/webhooks/lexey`, { body, headers })).status;
}

it("marks a conversation that another proxy speaks for, by one delivery of two", async () => {
  const { a, b, visitor, elsewhere } = await startFleet({}, { LEXEY_WEBHOOK_SECRET }, lexeyAt);
  const { conversationId } = await visitor.ask("Hello");
  const streams = [await visitor.stream(conversationId), await elsewhere.stream(conversationId)];
  await Promise.all(streams.map((stream) => stream.snapshot()));
  for (const { url } of [b, a]) expect(await escalate(url, conversationId)).toBe(200);
  await Promise.all(
    streams.map((stream) => stream.until("news", ({ event }) => event === "conversation:status")),
  );
  const later = await elsewhere.stream(conversationId);

  expect((await later.snapshot()).status).toBe("escalated");
  for (const stream of streams) expect(stream.all("conversation:status")).toHaveLength(1);
  const counts = await Promise.all([a, b].map(({ proxy }) => proxy.metrics.registry.metrics()));
  expect(counts.join("").match(/webhooks_total\{known="true"\} 1/g)).toHaveLength(1);
});

it("keeps the mark of a conversation that no proxy speaks for, whichever is asked later", async () => {
  const { a, b, visitor, elsewhere } = await startFleet({}, { LEXEY_WEBHOOK_SECRET }, lexeyAt);
  const { conversationId } = await visitor.ask("Hello");
  await a.proxy.close();
  expect(await escalate(b.url, conversationId)).toBe(200);
  const { body } = await elsewhere.request<StatusResponse>(`/${conversationId}/status`);
  expect(body.status).toBe("escalated");
  const stream = await elsewhere.stream(conversationId);
  expect((await stream.snapshot()).status).toBe("escalated");
});
