/** A visitor who asks while Lexey breaks. */
import { createPlatform, type PlatformOptions } from "../../../demo/platform/index.ts";
import type { ChatProxyOptions } from "../../../proxy/app.ts";
import {
  call,
  closeLater,
  createVisitor,
  CUSTOMER_KEY,
  lexeyAt,
  startProxy,
} from "../../support/proxy.ts";
import { FAST_TIMES, type Rest } from "../relay/broken-chat.ts";

export type BrokenLexey = Awaited<ReturnType<typeof startBrokenLexey>>;

/** A local Lexey that works until `misbehave` is called, a proxy before it, a visitor. */
export async function startBrokenLexey(
  options: PlatformOptions = {},
  proxyOptions: ChatProxyOptions = {},
) {
  const platform = await createPlatform({
    customerKeys: [CUSTOMER_KEY],
    thinkingMs: 20,
    tokensPerSecond: 1000,
    ...options,
  });
  closeLater(() => platform.close());
  const proxy = await startProxy(platform.url, lexeyAt(platform.url), {
    relayTimes: FAST_TIMES,
    ...proxyOptions,
  });
  const visitor = await createVisitor(proxy.url);
  return { ...platform, proxy, visitor, read: (id: string) => readLexey(platform.url, id) };
}

type History = { messages: Array<{ role: string; content: string }> };

/** It is not told whether an answer is under way: what has the last word is at rest. */
async function readLexey(url: string, id: string): Promise<Rest> {
  const { body } = await call<History>(`${url}/api/v1/customer/conversations/${id}/messages`, {
    headers: { Authorization: `Bearer ${CUSTOMER_KEY}` },
  });
  const kept = body.messages.map(({ role, content }, position) => ({
    id: `m${position}`,
    role,
    content,
  }));
  return { isActive: false, kept };
}
