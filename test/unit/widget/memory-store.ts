import type { Saved, Store } from "../../../widget/store.ts";
import type { Waiting } from "../../../widget/waiting.ts";

export function memoryStore(saved: Saved = {}, waiting: readonly Waiting[] = []): Store {
  let memory = saved;
  const messages = new Map(waiting.map((message) => [message.key, message]));
  return {
    isKept: true,
    read: () => memory,
    write: (changes) => void (memory = { ...memory, ...changes }),
    waiting: {
      list: () => [...messages.values()],
      put: (message) => void messages.set(message.key, message),
      remove: (key) => void messages.delete(key),
      clear: () => messages.clear(),
    },
    clear() {
      memory = {};
      messages.clear();
    },
  };
}
