import { act, fireEvent, render, screen, within } from "@testing-library/preact";
import { vi } from "vitest";
import type { ConversationEvent, EventMap, Message, WidgetSettings } from "../../proxy/protocol.ts";
import { Panel } from "../../widget/components/Panel.tsx";
import { createConfig } from "../../widget/config.ts";
import { strings } from "../../widget/locales/en.ts";
import { createChat } from "../../widget/state/chat.ts";
import { createView } from "../../widget/state/view.ts";
import type { Saved } from "../../widget/store.ts";
import type { Waiting } from "../../widget/waiting.ts";
import type { Transport } from "../../widget/transport/client.ts";
import type { Listener } from "../../widget/transport/follow.ts";
import { memoryStore } from "../unit/widget/memory-store.ts";
import { settings } from "../unit/widget/settings.ts";
import "./set-up.ts";

export const created_at = "2026-03-01T12:00:00.000Z";
export const event = <Name extends keyof EventMap>(name: Name, data: EventMap[Name]) =>
  ({ event: name, data }) as ConversationEvent;
export const agent = (content: string, id = "a1"): Message => ({
  id,
  role: "assistant",
  content,
  created_at,
});
export const user = (content: string, id = "u1"): Message => ({
  id,
  role: "user",
  content,
  created_at,
});

type Surroundings = {
  saved?: Saved;
  waiting?: readonly Waiting[];
  features?: Partial<WidgetSettings>;
  /** False: of a visitor who is signed in. */
  isKept?: boolean;
};

/** The whole panel, open, over a proxy that the test plays. */
export function drawPanel(
  options: object = {},
  { saved = { conversation: "h1" }, waiting, features, isKept = true }: Surroundings = {},
) {
  const listeners: Listener[] = [];
  const transport = {
    send: vi.fn<Transport["send"]>(async () => ({
      success: true,
      messageId: "u1",
      conversationId: "h1",
    })),
    stop: vi.fn<Transport["stop"]>(async () => ({ stopped: true })),
    ask: vi.fn<Transport["ask"]>(async () => new Response()),
    messages: vi.fn<Transport["messages"]>(async () => ({ messages: [], hasMore: false })),
    follow: vi.fn<Transport["follow"]>(async (_, listener) => void listeners.push(listener)),
  };
  const store = { ...memoryStore(saved, waiting), isKept };
  const chat = createChat({ transport, store });
  const [config] = createConfig({
    options: { agentName: "Marlow", ...options },
    settings: { ...settings, ...features },
  });
  const view = createView(chat, config);
  render(<Panel chat={chat} view={view} strings={strings} isInline={false} />);
  act(() => view.open(true));
  const emit = (...events: ConversationEvent[]) =>
    act(() => {
      for (const event of events) listeners[0]?.onEvent(event, "");
    });
  const type = (text: string) => {
    fireEvent.input(input, { target: { value: text } });
    fireEvent.keyDown(input, { key: "Enter" });
  };
  const input = screen.queryByRole<HTMLTextAreaElement>("textbox") as HTMLTextAreaElement;
  return { chat, emit, input, listeners, store, transport, type, view };
}

export const snapshot = (messages: Message[], rest = {}) =>
  event("conversation:init", {
    state: "idle",
    status: "active",
    messages,
    partial: null,
    hasMore: false,
    ...rest,
  });
export const transcript = () => screen.getByRole("region", { name: "Conversation" });
export const messages = () =>
  within(transcript())
    .getAllByRole("listitem")
    .map((item) => item.textContent);
