import type { Store } from "../store.ts";

/** The oldest are forgotten. The proxy lists no more at once. */
const KEPT = 50;

/**
 * Lists `conversation` first, and makes it the last one unless another is open by now; `lastRead` is the id
 * of the last message that was on the screen.
 */
export function remember(store: Store, conversation: string, lastRead = "", isLast = true): void {
  const others = (store.read().conversations ?? []).filter(([handle]) => handle !== conversation);
  const conversations = [[conversation, lastRead] as const, ...others].slice(0, KEPT);
  store.write({
    conversations,
    ...(isLast && { conversation, lastRead: lastRead || undefined }),
  });
}

/** The id of the last message of a conversation that was on the screen. */
export function readUpTo(store: Store, conversation: string | undefined): string | undefined {
  return store.read().conversations?.find(([handle]) => handle === conversation)?.[1] || undefined;
}
