import type { Saved, Store } from "../../../widget/store.ts";

export function memoryStore(saved: Saved = {}): Store {
  let memory = saved;
  return {
    read: () => memory,
    write: (changes) => void (memory = { ...memory, ...changes }),
    clear: () => void (memory = {}),
  };
}
