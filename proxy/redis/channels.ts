/** Redis pub/sub: one subscription for each channel, however many listen; restored after a reconnect. */
import type { Redis } from "ioredis";

export type ChannelListener = (message: string) => void;

type Channel = { listeners: Set<ChannelListener>; subscribed: Promise<unknown> };

export type Channels = ReturnType<typeof createChannels>;

/** `onChange` is told whenever `areRestored` may have changed. `subscriber` is used for nothing else. */
export function createChannels(subscriber: Redis, onChange: () => void) {
  const channels = new Map<string, Channel>();
  let isRestored = false;

  subscriber.on("message", (name: string, message: string) => {
    for (const listener of channels.get(name)?.listeners ?? []) listener(message);
  });
  subscriber.on("close", () => setRestored(false));
  subscriber.on("ready", async () => {
    const names = [...channels.keys()];
    try {
      if (names.length > 0) await subscriber.subscribe(...names);
      setRestored(subscriber.status === "ready");
    } catch {
      // The next connection tries again; one that is already lost is on its way there.
      if (subscriber.status === "ready") subscriber.disconnect(true);
    }
  });

  function setRestored(value: boolean): void {
    isRestored = value;
    onChange();
  }

  function remove(name: string, listener: ChannelListener): void {
    const channel = channels.get(name);
    if (!channel?.listeners.delete(listener) || channel.listeners.size > 0) return;
    channels.delete(name);
    if (isRestored) void subscriber.unsubscribe(name).catch(() => undefined);
  }

  return {
    areRestored: () => isRestored,

    async subscribe(name: string, listener: ChannelListener): Promise<() => void> {
      if (!isRestored) throw new Error("Redis is away");
      let channel = channels.get(name);
      if (!channel) {
        channel = { listeners: new Set(), subscribed: subscriber.subscribe(name) };
        channels.set(name, channel);
      }
      // One's own function, so that the same listener twice is two subscriptions.
      const own: ChannelListener = (message) => listener(message);
      channel.listeners.add(own);
      try {
        await channel.subscribed;
      } catch (error) {
        remove(name, own);
        throw error;
      }
      return () => remove(name, own);
    },
  };
}
