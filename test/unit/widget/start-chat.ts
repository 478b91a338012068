import { vi } from "vitest";
import type { ConversationEvent, MessagesResponse } from "../../../proxy/protocol.ts";
import { createChat } from "../../../widget/state/chat.ts";
import type { Saved, Store } from "../../../widget/store.ts";
import type { SendRequest, Transport } from "../../../widget/transport/client.ts";
import { ChatError } from "../../../widget/transport/errors.ts";
import type { Listener } from "../../../widget/transport/follow.ts";
import { agent } from "./events.ts";
import { memoryStore } from "./memory-store.ts";

export const fail = (code: ChatError["code"], retryAfter?: number) =>
  new ChatError({
    code,
    message: `because ${code}`,
    retryable: code === "network" || retryAfter !== undefined,
    retryAfter,
  });

type Followed = {
  conversation: string;
  emit: (...events: ConversationEvent[]) => void;
  listener: Listener;
  reject: (error: Error) => void;
  signal: AbortSignal;
};

/** A chat whose proxy is played by the test; its waits are over at once. Tabs share a `store`. */
export function startChat(saved: Saved = {}, store: Store = memoryStore(saved)) {
  vi.spyOn(store, "write");
  vi.spyOn(store.waiting, "put");
  const waits: number[] = [];
  const followed: Followed[] = [];
  const sent: SendRequest[] = [];
  const transport = {
    send: vi.fn<Transport["send"]>(async (request) => {
      sent.push(request);
      return { success: true, messageId: `m${sent.length}`, conversationId: "h1" };
    }),
    stop: vi.fn<Transport["stop"]>(async () => ({ stopped: true })),
    ask: vi.fn<Transport["ask"]>(async () => new Response()),
    messages: vi.fn<Transport["messages"]>(async (): Promise<MessagesResponse> => ({
      messages: [agent("a0")],
      hasMore: false,
    })),
    follow: vi.fn<Transport["follow"]>(
      (conversation, listener, signal) =>
        new Promise((_, reject) => {
          const emit = (...events: ConversationEvent[]) => {
            for (const event of events) listener.onEvent(event, "");
          };
          followed.push({ conversation, emit, listener, reject, signal });
        }),
    ),
  };
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const chat = createChat({ transport, store, wait });
  return { chat, followed, sent, store, transport, waits };
}
