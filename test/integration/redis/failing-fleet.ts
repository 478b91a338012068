/** Two real proxies with a conversation between them, to be killed, frozen and cut off. */
import { finishedAnswer, openPage, type Page } from "../../support/page.ts";
import { startProxyProcess, type ProxyProcess } from "../../support/proxy-process.ts";
import {
  API_KEY,
  call,
  createVisitor,
  CUSTOMER_KEY,
  eventually,
  lexeyAt,
  ORIGIN,
  startPlatform,
  type Visitor,
} from "../../support/proxy.ts";
import { startRedis, type RedisOptions } from "../../support/redis.ts";

export const QUESTION = "What do you roast?";
const ADMIN_TOKEN = "admin-token-of-the-integration-tests";
export const LONG = { timeout: 120_000 };
type Member = { proxy: ProxyProcess; visitor: Visitor; page: Page };

export const isStreaming = (page: Page): boolean => {
  const last = page.transcript().entries.at(-1);
  return last?.isStreaming === true && last.content.length > 20;
};

/** Where a platform is, and how its history is read. */
const PLATFORMS = {
  lex: {
    settingsAt: (url: string): Record<string, string> => ({ LEX_URL: url }),
    key: API_KEY,
    historyOf: (id: string) => `/api/conversations/${id}/messages`,
  },
  lexey: {
    settingsAt: lexeyAt,
    key: CUSTOMER_KEY,
    historyOf: (id: string) => `/api/v1/customer/conversations/${id}/messages`,
  },
};

export type PlatformName = keyof typeof PLATFORMS;

/** Two proxies, one conversation with a first exchange, and a page that follows it at each of them. */
export async function startFleet(options: RedisOptions = {}, name: PlatformName = "lex") {
  const [platform, redis] = await Promise.all([
    startPlatform({ tokensPerSecond: 12 }),
    startRedis(options),
  ]);
  const start = async (): Promise<ProxyProcess> => {
    const proxy = await startProxyProcess({
      ADMIN_TOKEN,
      ...PLATFORMS[name].settingsAt(platform.url),
      REDIS_URL: redis.url,
      LIMIT_MESSAGES_PER_VISITOR: "1000",
      LIMIT_READS_PER_VISITOR: "10000",
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
  const history = () => readHistory(platform.url, handle, name);
  return { platform, redis, handle, holder, other, start, join, history };
}

export async function countStreams({ url }: ProxyProcess): Promise<number> {
  const { text } = await call(`${url}/metrics`, {
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  return Number(/^lex_chat_platform_streams (\d+)/m.exec(text)?.[1]);
}

/** What the platform has, as the page should show it. */
async function readHistory(platformUrl: string, handle: string, name: PlatformName) {
  const { historyOf, key } = PLATFORMS[name];
  const id = Buffer.from(handle.split(".")[0] ?? "", "base64url").toString();
  type History = { messages: Array<{ role: string; content: string }> };
  const { body } = await call<History>(platformUrl + historyOf(id), {
    headers: { Authorization: `Bearer ${key}` },
  });
  return body.messages.map(({ role, content }) => ({ role, content }));
}

/** The second answer, finished on that page. */
export const untilAnswered = (page: Page): Promise<true> =>
  page.until(
    "the answer",
    () => page.messages().length === 4 && finishedAnswer(page) !== undefined,
  );

export const epochs = ({ ids }: Page): Set<string | undefined> =>
  new Set(ids.map((id) => id.split("-")[0]));
