/** What a log says that the platform's history does not: the answer under way, and what was cut off. Pure. */
import type {
  ConversationEvent,
  ConversationState,
  ConversationStatus,
  Message,
  PartialAnswer,
  RunningTool,
} from "../protocol.ts";
import { foldTools } from "./running-tools.ts";

export type Folded = {
  state: ConversationState;
  status: ConversationStatus;
  /** The answer under way as far as it was shown; null too when its beginning is unknown. */
  partial: PartialAnswer | null;
  /** The answer that the visitor stopped last, while no other one has begun. */
  stopped: Message | null;
  /** Stopped answers: the UTF-16 units that were shown, by message id. */
  cuts: ReadonlyMap<string, number>;
  /** In use by the answer under way. */
  tools: readonly RunningTool[];
};

export const EMPTY_FOLD: Folded = {
  state: "idle",
  status: "active",
  partial: null,
  stopped: null,
  cuts: new Map(),
  tools: [],
};

/** `folded` after one more event. */
export function foldEvent(before: Folded, event: ConversationEvent): Folded {
  const tools = foldTools(before.tools, event);
  const folded = tools === before.tools ? before : { ...before, tools };
  switch (event.event) {
    case "conversation:init": {
      const { state, status, partial } = event.data;
      return { ...folded, state, status, partial };
    }
    case "message:new":
      // The platform takes a message only when it is idle: what was stopped is over by then.
      return event.data.message.role === "user" ? { ...folded, stopped: null } : folded;
    case "conversation:state":
      return { ...folded, state: event.data.state };
    case "conversation:status":
      return { ...folded, status: event.data.status };
    case "message:chunk":
      return { ...folded, partial: extend(folded.partial, event.data), stopped: null };
    case "message:complete": {
      const { message, stopped = false } = event.data;
      if (!stopped) return { ...folded, partial: null, stopped: null };
      const cuts = new Map(folded.cuts).set(message.id, message.content.length);
      return { ...folded, partial: null, stopped: message, cuts };
    }
    default:
      return folded;
  }
}

function extend(
  partial: PartialAnswer | null,
  { messageId, offset, text }: { messageId: string; offset: number; text: string },
): PartialAnswer | null {
  const known = partial?.messageId === messageId ? partial.text : "";
  // Its beginning is no longer in the log: `message:complete` will bring it whole.
  if (offset > known.length) return null;
  return { messageId, text: known.slice(0, offset) + text };
}
