import { Refusal } from "../refusal.ts";
import type { Settings } from "../settings.ts";
import type { Conversation } from "../storage/conversations.ts";
import type { Store } from "../storage/store.ts";

export type Limits = Pick<Settings, "maxMessageCharacters" | "messagesPerConversation" | "credits">;

/** Reads the body of a message. Refuses with 400 what is none, or too long. */
export function readMessage(body: unknown, { maxMessageCharacters }: Limits): string {
  const { message } = (body ?? {}) as Record<string, unknown>;
  if (typeof message !== "string" || message.trim() === "") {
    throw new Refusal(
      400,
      'message is missing or not a string: send {"message": "…"} as application/json',
    );
  }
  if (message.length > maxMessageCharacters) {
    throw new Refusal(
      400,
      `message is too long: ${message.length} characters, at most ${maxMessageCharacters}`,
    );
  }
  return message;
}

/** Refuses with 402 when the account has no credits left, with 429 when the conversation is full. */
export function checkLimits(conversation: Conversation, store: Store, limits: Limits): void {
  const { credits, messagesPerConversation } = limits;
  if (credits !== null && store.messages.countAnswers(conversation.account) >= credits) {
    throw new Refusal(402, "No credits left");
  }
  if (store.messages.count(conversation.id, "user") >= messagesPerConversation) {
    throw new Refusal(429, "This conversation has reached its message limit");
  }
}
