/** What came behind the proxy's back is in the snapshot, and is not told again behind it. */
import { expect, test } from "vitest";
import {
  API_KEY,
  call,
  createVisitor,
  eventually,
  startPlatform,
  startProxy,
} from "../../support/proxy.ts";
import { startRedis } from "../../support/redis.ts";

const WEBHOOK_SECRET = "webhook-secret-of-the-integration-tests";
/** More than a snapshot holds. */
const MISSED = 60;

test.each([
  ["one proxy", async () => ({})],
  ["a fleet", async () => ({ REDIS_URL: (await startRedis()).url })],
])("who comes to %s gets each message once, the oldest first", async (_name, settings) => {
  const platform = await startPlatform();
  const environment = { WEBHOOK_SECRET, ...(await settings()) };
  const proxy = await startProxy(platform.url, environment, { relayTimes: { graceMs: 40 } });
  const visitor = await createVisitor(proxy.url);
  const { conversationId } = await visitor.ask("Hello");
  const stream = await visitor.stream(conversationId);
  await stream.snapshot();
  await eventually("the platform's stream to close", async () => {
    const text = await proxy.proxy.metrics.registry.metrics();
    return text.includes("lex_chat_platform_streams 0") || undefined;
  });
  const [id = ""] = conversationId.split(".");
  const platformId = Buffer.from(id, "base64url").toString();
  const write = (content: string) =>
    call(`${platform.url}/demo/proactive`, {
      headers: { Authorization: `Bearer ${API_KEY}` },
      body: { conversationId: platformId, content },
    });
  for (let index = 0; index < MISSED; index += 1) await write(`Missed ${index}`);

  const later = await visitor.stream(conversationId);
  const { messages } = await later.snapshot();
  await write("Heard");
  await call(`${proxy.url}/webhooks/lex`, {
    body: { conversationId: platformId },
    headers: { "X-Webhook-Secret": WEBHOOK_SECRET },
  });
  for (const reader of [later, stream])
    await reader.until("the news", ({ data }) => JSON.stringify(data).includes("Heard"));
  const contents = [...messages, ...later.all("message:new").map(({ message }) => message)].map(
    ({ content }) => content,
  );
  const newest = Array.from({ length: 50 }, (_, index) => `Missed ${index + MISSED - 50}`);
  expect(contents).toEqual([...newest, "Heard"]);
  expect(stream.all("message:new")).toHaveLength(MISSED + 1);
});
