import type { ConversationEvent, EventMap, Message } from "../../../proxy/protocol.ts";
import type { Cuts } from "../../../widget/state/cuts.ts";
import { reduce } from "../../../widget/state/reduce.ts";
import { change, findEntry, type Transcript } from "../../../widget/state/transcript.ts";

export const at = "2026-03-01T12:00:00.000Z";

export const user = (id: string, content = id): Message => ({
  id,
  role: "user",
  content,
  created_at: at,
});

export const agent = (id: string, content = id): Message => ({
  id,
  role: "assistant",
  content,
  created_at: at,
});

export const event = <Name extends keyof EventMap>(name: Name, data: EventMap[Name]) =>
  ({ event: name, data }) as ConversationEvent;

export const chunk = (messageId: string, offset: number, text: string) =>
  event("message:chunk", { messageId, offset, text });

export const complete = (message: Message, rest = {}) =>
  event("message:complete", { message, ...rest });

export const init = (data: Partial<EventMap["conversation:init"]>) =>
  event("conversation:init", {
    state: "idle",
    status: "active",
    messages: [],
    partial: null,
    hasMore: false,
    ...data,
  });

export const noCuts: Cuts = () => undefined;

/** The proxy has accepted message `key`, which is `id` from now on. */
export function accept(transcript: Transcript, key: string, id: string): Transcript {
  const { role, content, created_at } = findEntry(transcript, key) ?? user(id);
  return apply(
    transcript,
    event("message:new", { message: { id, role, content, created_at }, key }),
  );
}

export const sendAgain = (transcript: Transcript, key: string): Transcript =>
  change(transcript, key, { delivery: "sending" });

/** Applies all, as long as nothing is missing. */
export function apply(start: Transcript, ...events: ConversationEvent[]): Transcript {
  return applyWithCuts(noCuts, start, ...events);
}

export function applyWithCuts(
  cuts: Cuts,
  start: Transcript,
  ...events: ConversationEvent[]
): Transcript {
  return events.reduce((transcript, event) => {
    const next = reduce(transcript, event, cuts);
    if (next === "gap") throw new Error("gap");
    return next;
  }, start);
}

export const texts = (transcript: Transcript): string[] =>
  transcript.entries.map(({ content }) => content);
