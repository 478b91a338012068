/** A platform's message as visitors get it, if all of it is there and arrived as it was written. Pure. */
import type { PlatformMessage } from "../platforms/platform.ts";
import type { Message } from "../protocol.ts";

/** Stands where bytes were no UTF-8 (https://encoding.spec.whatwg.org/#utf-8-decoder). */
const DAMAGED = "\uFFFD";

/** Null when only the history has it. `now` is its time where the platform gave none. */
export function toWhole(
  { id, content, createdAt }: PlatformMessage,
  role: Message["role"],
  now: string,
): Message | null {
  if (id === null || content === null || content.includes(DAMAGED)) return null;
  return { id, role, content, created_at: createdAt ?? now };
}
