/** A visitor who asks while the platform breaks, and what platform and page have in the end. */
import { afterAll, expect } from "vitest";
import { createPlatform, type Breaks, type PlatformOptions } from "../../../demo/platform/index.ts";
import type { ChatProxyOptions } from "../../../proxy/app.ts";
import { closeLater } from "../../support/close-later.ts";
import type { EventStream } from "../../support/event-stream.ts";
import {
  API_KEY,
  createVisitor,
  eventually,
  startProxy,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";
import { show, type Shown } from "../../support/shown.ts";
import { connect } from "../platform/start.ts";

export const QUESTION = "Is shipping free?";

/** The relay's times, a tenth or less of what they are. */
export const FAST_TIMES = {
  streamWaitMs: 300,
  settleMs: 50,
  lostMs: 500,
  stuckMs: 600,
  unchangedMs: 200,
  firstSilenceMs: 300,
  silenceMs: 500,
  pollMs: 50,
  maxPollMs: 200,
  stallMs: 2000,
  awaitedStallMs: 600,
  reconnectMs: 20,
  maxReconnectMs: 100,
  stableMs: 500,
} as const;

const rejections: unknown[] = [];
process.on("unhandledRejection", (reason) => rejections.push(reason));
afterAll(() => expect(rejections).toEqual([]));

/** A platform that works until `misbehave` is called, a proxy before it, a visitor. */
export async function startBrokenChat(
  options: PlatformOptions = {},
  proxyOptions: ChatProxyOptions = {},
) {
  const platform = await createPlatform({
    keys: [API_KEY],
    thinkingMs: 20,
    tokensPerSecond: 1000,
    ...options,
  });
  closeLater(() => platform.close());
  return { ...platform, ...(await startVisit(platform.url, proxyOptions)) };
}

/** A proxy before the platform at `url`, and a visitor of it. */
export async function startVisit(url: string, proxyOptions: ChatProxyOptions = {}) {
  const proxy = await startProxy(url, {}, { relayTimes: FAST_TIMES, ...proxyOptions });
  const visitor = await createVisitor(proxy.url);
  const lex = connect(url, API_KEY);

  async function read(id: string): Promise<Rest> {
    const { body: status } = await lex.call("GET", `/api/conversations/${id}/status`);
    const { messages } = await lex.messages(id);
    const kept = messages.map(({ id, role, content }) => ({ id, role, content }));
    return { isActive: status["active"] === true, kept };
  }

  return { proxy, visitor, lex, read };
}

/** What a platform has of a conversation. */
export type Rest = { isActive: boolean; kept: unknown[] };

export type BrokenChat = {
  proxy: TestProxy;
  visitor: Visitor;
  read: (id: string) => Promise<Rest>;
};

/** Sends until it is taken: while everything breaks a send may be refused, and may be repeated with its key. */
export async function send(chat: BrokenChat, content: string, handle?: string) {
  const key = crypto.randomUUID();
  return eventually(`a 202 for ${content}`, async () => {
    const { status, body } = await chat.visitor.reply(content, handle, { "Idempotency-Key": key });
    return status === 202 ? body : undefined;
  });
}

/** The platform's id in a handle. */
export const idOf = (handle: string): string =>
  Buffer.from(handle.split(".")[0] ?? "", "base64url").toString();

/** Waits until a page that has read this stream shows what the platform's history says, and both are at rest. */
export async function expectSame(
  chat: BrokenChat,
  handle: string,
  stream: Pick<EventStream, "events">,
): Promise<Shown> {
  const id = idOf(handle);
  let last: unknown;
  const same = async (): Promise<Shown | undefined> => {
    // The state first: what is idle then has its answer.
    const { isActive, kept } = await chat.read(id);
    const shown = show(stream.events);
    last = { kept, shown, isActive };
    const isSame = JSON.stringify(kept) === JSON.stringify(shown.messages);
    return isSame && !isActive && shown.state === "idle" ? shown : undefined;
  };
  // Away for a moment, the platform can't be asked either.
  const look = (): Promise<Shown | undefined> => same().catch(() => undefined);
  return eventually("the same on both sides", look).catch((error: unknown) => {
    throw new Error(`${String(error)} ${JSON.stringify(last, null, 1)}`);
  });
}

/**
 * Asks a first question of a platform that works and a second one of the one that is broken. Resolves
 * with what a viewer has seen of both when it is the same as what the platform has.
 */
export async function askBroken(
  chat: BrokenChat & { misbehave: (change: Partial<Breaks>) => void },
  breaks: Partial<Breaks>,
): Promise<{ stream: EventStream; handle: string; shown: Shown }> {
  const { conversationId: handle } = await chat.visitor.ask("Hello");
  const stream = await chat.visitor.stream(handle);
  await stream.snapshot();
  chat.misbehave(breaks);
  await send(chat, QUESTION, handle);
  const answer = await stream.answer("");
  expect(answer.content).toContain("€49");
  const shown = await expectSame(chat, handle, stream);
  expect(stream.all("error")).toEqual([]);
  return { stream, handle, shown };
}
