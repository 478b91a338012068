/** The events of a conversation's stream: what stands in `data:`, by the name in `event:`. */
import { ERRORS } from "../errors.ts";
import type {
  ConversationState,
  ConversationStatus,
  EventMap,
  EventName,
  PartialAnswer,
  RunningTool,
} from "../protocol.ts";
import {
  arrayOf,
  bool,
  objectOf,
  oneOf,
  optional,
  orNull,
  ref,
  text,
  type Schema,
} from "./schema.ts";

const EVENTS: Readonly<Record<EventName, Schema>> = {
  connected: objectOf<EventMap["connected"]>({ conversationId: text() }),
  "conversation:init": {
    description: "A snapshot: replaces everything known before.",
    ...objectOf<EventMap["conversation:init"]>({
      state: ref("ConversationState"),
      status: ref("ConversationStatus"),
      messages: arrayOf(ref("Message")),
      partial: orNull(objectOf<PartialAnswer>({ messageId: text(), text: text() })),
      tools: optional(
        arrayOf(objectOf<RunningTool>({ messageId: text(), toolUseId: text(), name: text() })),
      ),
      hasMore: bool,
    }),
  },
  "message:new": objectOf<EventMap["message:new"]>({
    message: ref("Message"),
    key: optional(text("The sender's Idempotency-Key.")),
  }),
  "message:chunk": objectOf<EventMap["message:chunk"]>({
    messageId: text(),
    offset: { type: "integer", minimum: 0, description: "UTF-16 units of the answer before it." },
    text: text(),
  }),
  "message:complete": {
    description: "Authoritative: replaces the text that was streamed.",
    ...objectOf<EventMap["message:complete"]>({
      message: ref("Message"),
      provisionalId: optional(text("The id that the chunks carried.")),
      stopped: optional(bool),
    }),
  },
  "message:tool_use": objectOf<EventMap["message:tool_use"]>({
    messageId: text(),
    toolUseId: text(),
    name: text(),
    input: optional({ description: "Only with TOOL_DETAILS=on." }),
  }),
  "message:tool_result": objectOf<EventMap["message:tool_result"]>({
    toolUseId: text(),
    ok: bool,
    result: optional({ description: "Only with TOOL_DETAILS=on." }),
  }),
  "conversation:state": objectOf<EventMap["conversation:state"]>({
    state: ref("ConversationState"),
  }),
  "conversation:status": objectOf<EventMap["conversation:status"]>({
    status: ref("ConversationStatus"),
  }),
  error: objectOf<EventMap["error"]>({
    code: { type: "string", enum: Object.keys(ERRORS) },
    message: text(),
    retryable: bool,
  }),
};

/** `message:tool_use` → `MessageToolUseEvent`: a component's name holds no colon. */
const toComponent = (event: string): string =>
  `${event.replaceAll(/(?:^|[:_])(\w)/g, (_all, letter: string) => letter.toUpperCase())}Event`;

export const EVENT_SCHEMAS: Readonly<Record<string, Schema>> = {
  ConversationState: oneOf<ConversationState>("thinking", "responding", "idle"),
  ConversationStatus: oneOf<ConversationStatus>("active", "escalated"),
  ...Object.fromEntries(
    Object.entries(EVENTS).map(([name, schema]) => [toComponent(name), schema]),
  ),
};

/** `x-events` of a stream: which schema the data of each event has. */
export const EVENT_REFERENCES = Object.fromEntries(
  Object.keys(EVENTS).map((name) => [name, ref(toComponent(name))]),
);
