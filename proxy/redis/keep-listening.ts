import type { ChannelListener } from "./channels.ts";
import type { RedisConnection } from "./connection.ts";

/** Hears a channel from now on, or from when Redis is there for the first time. Returns what ends it. */
export function keepListening(
  redis: RedisConnection,
  channel: string,
  listener: ChannelListener,
): () => void {
  let unsubscribe: (() => void) | null = null;
  let isOver = false;

  async function listen(): Promise<void> {
    if (unsubscribe || isOver || !redis.isUp()) return;
    const end = await redis.subscribe(channel, listener);
    if (isOver || unsubscribe) end();
    else unsubscribe = end;
  }

  // A failed try is followed by the next reconnect.
  const tryToListen = (): void => void listen().catch(() => undefined);
  tryToListen();
  const stopWaiting = redis.onUp(tryToListen);
  return () => {
    isOver = true;
    stopWaiting();
    unsubscribe?.();
  };
}
