import type { ConversationState, Listener, PlatformEvent } from "./events.ts";

/** A conversation as it lives: what it is doing and who listens. Lost at a restart, as it should be. */
export type Channels = ReturnType<typeof createChannels>;

/** Names a channel: two accounts that use the same id never hear each other. */
export type ChannelName = { account: string; id: string };

type Channel = { state: ConversationState; listeners: Set<Listener> };

export function createChannels() {
  const channels = new Map<string, Channel>();
  const keyOf = ({ account, id }: ChannelName) => JSON.stringify([account, id]);

  const update = (name: ChannelName, change: (channel: Channel) => void) => {
    const key = keyOf(name);
    const channel = channels.get(key) ?? { state: "idle", listeners: new Set() };
    channels.set(key, channel);
    change(channel);
    if (channel.state === "idle" && channel.listeners.size === 0) channels.delete(key);
  };

  const publish = (name: ChannelName, event: PlatformEvent) => {
    for (const listener of channels.get(keyOf(name))?.listeners ?? []) listener(event);
  };

  return {
    publish,
    state: (name: ChannelName): ConversationState => channels.get(keyOf(name))?.state ?? "idle",

    /** Changes the state and tells the listeners; the same state again is no event. */
    setState(name: ChannelName, state: ConversationState): void {
      update(name, (channel) => {
        if (channel.state === state) return;
        channel.state = state;
        publish(name, { name: "conversation:state", state });
      });
    },

    /** Returns the function that ends the subscription. */
    subscribe(name: ChannelName, listener: Listener): () => void {
      update(name, ({ listeners }) => listeners.add(listener));
      return () => update(name, ({ listeners }) => listeners.delete(listener));
    },
  };
}
