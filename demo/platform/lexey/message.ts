import type { Message } from "../storage/messages.ts";

/** A message as Lexey shows it, in the history and in the webhook: no id, milliseconds in the time. */
export function toLexeyMessage({ role, content, created_at: createdAt }: Message) {
  return { role, content, createdAt };
}
