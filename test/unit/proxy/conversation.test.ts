/** What the history has to supply where the platform's stream left something out. */
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Platform, PlatformEvent, StreamHandlers } from "../../../proxy/platforms/platform.ts";
import type { Message } from "../../../proxy/protocol.ts";
import { Conversation } from "../../../proxy/relay/conversation.ts";
import { encodeEvent } from "../../../proxy/relay/sse.ts";
import { AT, chunk, complete, init, saved, state } from "./translating.ts";

const message = (id: string, role: Message["role"], content: string): Message => ({
  id,
  role,
  content,
  created_at: AT,
});

/** A platform whose stream and history a test writes by hand. */
function createScript(history: Message[]) {
  let stream: StreamHandlers | null = null;
  const platform: Platform = {
    name: "lex",
    newConversationId: () => "c1",
    send: async () => ({ messageId: null, conversationId: null }),
    async stream(_id, handlers, signal) {
      stream = handlers;
      handlers.onOpen();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    },
    async messages(_id, { since }) {
      const start = history.findIndex(({ id }) => id === since) + 1;
      return { messages: history.slice(start), hasMore: false };
    },
    state: async () => "idle",
    overview: async () => ({ title: null, lastMessage: null }),
  };
  const tell = (...events: PlatformEvent[]): void =>
    events.forEach((event) => stream?.onEvent(event));
  return { platform, tell };
}

async function view(history: Message[]) {
  const { platform, tell } = createScript(history);
  const frames: string[] = [];
  const conversation = new Conversation({
    id: "c1",
    isNew: false,
    platform,
    publish: (event) => void frames.push(encodeEvent(event, null)),
    coalesceMs: 0,
    toolDetails: false,
    logger: pino({ level: "silent" }),
  });
  conversation.subscribe();
  await vi.advanceTimersByTimeAsync(0);
  return { conversation, tell, frames };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test.each<[string, PlatformEvent[]]>([
  [
    "the end of an answer that was joined in the middle",
    [init("responding"), chunk("m1", "ddle"), complete("m1", null)],
  ],
  ["an end that names nothing", [complete(null, null)]],
  ["a message without a text", [saved(null, "m1", null)]],
  ["a message without an id", [saved("assistant", null, "The middle")]],
])("%s is read from the history, though nobody here has asked", async (_name, events) => {
  const history = [message("u1", "user", "Hi?")];
  const { conversation, tell, frames } = await view(history);
  history.push(message("m1", "assistant", "The middle"));
  tell(...events, state("idle"));
  await vi.advanceTimersByTimeAsync(1000);

  expect(frames.filter((frame) => frame.includes('"The middle"'))).toHaveLength(1);
  conversation.close();
});
