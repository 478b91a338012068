/** A fleet of real processes that are really killed, frozen and cut off. */
import { expect, it } from "vitest";
import { finishedAnswer, openPage, type Page } from "../../support/page.ts";
import { startProxyProcess, type ProxyProcess } from "../../support/proxy-process.ts";
import {
  API_KEY,
  call,
  createVisitor,
  eventually,
  ORIGIN,
  startPlatform,
  type Visitor,
} from "../../support/proxy.ts";
import { startRedis, type RedisOptions } from "../../support/redis.ts";

const QUESTION = "What do you roast?";
const ADMIN_TOKEN = "admin-token-of-the-integration-tests";
const LONG = { timeout: 60_000 };
type Member = { proxy: ProxyProcess; visitor: Visitor; page: Page };

const isStreaming = (page: Page): boolean => {
  const last = page.transcript().entries.at(-1);
  return last?.isStreaming === true && last.content.length > 20;
};

/** Two proxies, one conversation with a first exchange, and a page that follows it at each of them. */
async function startFleet(options: RedisOptions = {}) {
  const [platform, redis] = await Promise.all([
    startPlatform({ tokensPerSecond: 12 }),
    startRedis(options),
  ]);
  const start = async (): Promise<ProxyProcess> => {
    const proxy = await startProxyProcess({
      ADMIN_TOKEN,
      LEX_URL: platform.url,
      REDIS_URL: redis.url,
      LIMIT_MESSAGES_PER_VISITOR: "1000",
    });
    await eventually("Redis", () => proxy.output().includes("Redis is connected") || undefined);
    return proxy;
  };
  const proxies = await Promise.all([start(), start()]);
  const visitor = await createVisitor(proxies[0].url);
  const { body } = await visitor.reply("Hello");
  const handle = body.conversationId;
  const join = async (proxy: ProxyProcess): Promise<Member> => {
    const page = openPage({ urls: [proxy.url], origin: ORIGIN, token: visitor.token, handle });
    await page.until("the greeting", finishedAnswer);
    return { proxy, page, visitor: await createVisitor(proxy.url, { token: visitor.token }) };
  };
  const [first, second] = [await join(proxies[0]), await join(proxies[1])];
  const isFirst = (await countStreams(first.proxy)) === 1;
  const [holder, other] = isFirst ? [first, second] : [second, first];
  const history = () => readHistory(platform.url, handle);
  return { platform, redis, handle, holder, other, start, join, history };
}

async function countStreams({ url }: ProxyProcess): Promise<number> {
  const { text } = await call(`${url}/metrics`, {
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  return Number(/^lex_chat_platform_streams (\d+)/m.exec(text)?.[1]);
}

/** What the platform has, as the page should show it. */
async function readHistory(platformUrl: string, handle: string) {
  const id = Buffer.from(handle.split(".")[0] ?? "", "base64url").toString();
  type History = { messages: Array<{ role: string; content: string }> };
  const { body } = await call<History>(`${platformUrl}/api/conversations/${id}/messages`, {
    headers: { Authorization: `Bearer ${API_KEY}` },
  });
  return body.messages.map(({ role, content }) => ({ role, content }));
}

/** The second answer, finished on that page. */
const untilAnswered = (page: Page): Promise<true> =>
  page.until(
    "the answer",
    () => page.messages().length === 4 && finishedAnswer(page) !== undefined,
  );

const epochs = ({ ids }: Page): Set<string | undefined> =>
  new Set(ids.map((id) => id.split("-")[0]));

it("goes on with an answer whose proxy is killed in the middle of it", LONG, async () => {
  const { holder, other, handle, history } = await startFleet();
  expect((await other.visitor.reply(QUESTION, handle)).status).toBe(202);
  await other.page.until("a part of the answer", isStreaming);
  await holder.proxy.end("SIGKILL");
  await untilAnswered(other.page);

  expect(other.page.messages()).toEqual(await history());
  expect(other.page.connects()).toBe(1);
  expect(epochs(other.page).size).toBe(1);
  expect(await countStreams(other.proxy)).toBe(1);
});

it("sends by another proxy what is written while the holder is dead", LONG, async () => {
  const { holder, other, handle, history } = await startFleet();
  await holder.proxy.end("SIGKILL");
  const { status } = await other.visitor.reply(QUESTION, handle);
  expect(status).toBe(202);
  await untilAnswered(other.page);
  expect(other.page.messages()).toEqual(await history());
});

it(
  "goes on without a proxy that stalls past its lease, and with it when it is back",
  LONG,
  async () => {
    const { holder, other, handle, history } = await startFleet();
    await other.visitor.reply(QUESTION, handle);
    await other.page.until("a part of the answer", isStreaming);
    holder.proxy.signal("SIGSTOP");
    await untilAnswered(other.page);
    await eventually(
      "another holder",
      async () => (await countStreams(other.proxy)) === 1 || undefined,
    );
    holder.proxy.signal("SIGCONT");
    await untilAnswered(holder.page);
    const { status } = await holder.visitor.reply("And returns?", handle);
    expect(status).toBe(202);
    for (const { page } of [holder, other])
      await page.until(
        "the next answer",
        () => page.messages().length === 6 && finishedAnswer(page),
      );

    const kept = await history();
    expect(kept.filter(({ content }) => content === "And returns?")).toHaveLength(1);
    expect(holder.page.messages()).toEqual(kept);
    expect(other.page.messages()).toEqual(kept);
  },
);

it("never sends late what it was asked for before it stalled", LONG, async () => {
  const { holder, other, handle, history } = await startFleet();
  holder.proxy.signal("SIGSTOP");
  // The stalled proxy is asked first, and given up when its lease has ended.
  expect((await other.visitor.reply(QUESTION, handle)).status).toBe(202);
  holder.proxy.signal("SIGCONT");
  await untilAnswered(other.page);
  await untilAnswered(holder.page);
  expect((await history()).filter(({ content }) => content === QUESTION)).toHaveLength(1);
});

it.each([
  ["empty", false],
  ["with its data", true],
])(
  "keeps viewers while Redis is away, and goes on when it is back %s",
  LONG,
  async (_how, isDurable) => {
    const { holder, other, handle, redis, history } = await startFleet({ isDurable });
    await other.visitor.reply(QUESTION, handle);
    await other.page.until("a part of the answer", isStreaming);
    await redis.kill();
    await eventually("a refusal", async () => {
      const { status, headers, body } = await holder.visitor.reply("And returns?", handle);
      if (status !== 503) throw new Error(`a send was answered ${status}`);
      expect(body).toMatchObject({ code: "service_unavailable", retryable: true });
      expect(Number(headers.get("Retry-After"))).toBeGreaterThan(0);
      return true;
    });
    await redis.start();
    for (const { page } of [holder, other]) await untilAnswered(page);

    const kept = await history();
    for (const { page } of [holder, other]) {
      expect(page.messages()).toEqual(kept);
      expect(page.connects()).toBe(1);
      // Also with its data: whether that is all of it nobody knows.
      expect(epochs(page).size).toBe(2);
    }
    await eventually("sends to be taken again", async () => {
      const { status } = await other.visitor.reply("And returns?", handle);
      return status === 202 || undefined;
    });
    await holder.page.until("the next answer", () => holder.page.messages().length === 6);
  },
);

it("does each send once, or says that it does not know, when a proxy is killed", LONG, async () => {
  const { holder, other, platform } = await startFleet();
  const contents = Array.from({ length: 12 }, (_, index) => `Question ${index}?`);
  const first = contents.map((content, index) =>
    holder.visitor
      .reply(content, undefined, { "Idempotency-Key": `kill-${index}-of-twelve` })
      .catch(() => null),
  );
  await Promise.any(first);
  await holder.proxy.end("SIGKILL");
  const outcomes = await Promise.all(
    first.map(async (sent, index) => {
      const answer =
        (await sent) ??
        (await other.visitor.reply(contents[index], undefined, {
          "Idempotency-Key": `kill-${index}-of-twelve`,
        }));
      return answer.status === 202 ? "accepted" : (answer.body as { code?: string }).code;
    }),
  );
  const counts = await countOnPlatform(platform.url, contents);
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome === "accepted") expect(counts[index]).toBe(1);
    else expect([outcome, counts[index]]).toEqual(["send_outcome_unknown", expect.any(Number)]);
    expect(counts[index]).toBeLessThan(2);
  }
});

/** How often each text is among the first messages of the platform's conversations. */
async function countOnPlatform(
  platformUrl: string,
  contents: readonly string[],
): Promise<number[]> {
  type List = { conversations: Array<{ title: string | null }> };
  const { body } = await call<List>(`${platformUrl}/api/conversations?limit=100`, {
    headers: { Authorization: `Bearer ${API_KEY}` },
  });
  return contents.map(
    (content) => body.conversations.filter(({ title }) => title === content).length,
  );
}
