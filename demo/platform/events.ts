import type { Conversation } from "./storage/conversations.ts";
import type { Message } from "./storage/messages.ts";

/** What an answer is doing; idle when none is under way. */
export type ConversationState = "thinking" | "responding" | "idle";

/** What happens in a conversation, before an API frames it for the wire. */
export type PlatformEvent =
  | { name: "connected"; conversationId: string }
  | { name: "conversation:init"; conversationId: string; state: ConversationState }
  | { name: "conversation:state"; state: ConversationState }
  | { name: "conversation:status"; status: Conversation["status"] }
  | { name: "message:new"; message: Message }
  | { name: "message:chunk"; messageId: string; text: string }
  | { name: "message:complete"; message: Message }
  /** The answer failed and goes no further; `message` is for whoever reads it. */
  | { name: "message:error"; message: string }
  | {
      name: "message:tool_use";
      messageId: string;
      toolUseId: string;
      tool: string;
      input: Record<string, unknown>;
    }
  | {
      name: "message:tool_result";
      messageId: string;
      toolUseId: string;
      tool: string;
      ok: boolean;
      result: unknown;
    };

/** Gets every later event of a conversation, in order. */
export type Listener = (event: PlatformEvent) => void;
