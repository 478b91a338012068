/** A value that effects follow: what reads `value` while it runs is run again when that changes. */
export type Signal<Value> = {
  value: Value;
  /** The value, without following it. */
  peek(): Value;
};

type Effect = {
  run(): void;
  /** The readers of each signal that the last run has read. */
  readonly sources: Set<Set<Effect>>;
};

let running: Effect | undefined;

export function signal<Value>(initial: Value): Signal<Value> {
  const readers = new Set<Effect>();
  let current = initial;
  return {
    peek: () => current,
    get value() {
      if (running) {
        readers.add(running);
        running.sources.add(readers);
      }
      return current;
    },
    set value(next) {
      if (next === current) return;
      current = next;
      // One of them may end another; those that run again are no new ones.
      for (const reader of new Set(readers)) if (readers.has(reader)) reader.run();
    },
  };
}

/** Runs `action` now and after each change of a signal that it has read; returns what ends it. */
export function effect(action: () => void): () => void {
  function end(): void {
    for (const readers of self.sources) readers.delete(self);
    self.sources.clear();
  }
  const self: Effect = {
    sources: new Set(),
    run() {
      end();
      const outer = running;
      running = self;
      try {
        action();
      } finally {
        running = outer;
      }
    },
  };
  self.run();
  return end;
}

/** A signal that `read` gives anew when a signal changes that it has read; followers hear of other values only. */
export function computed<Value>(read: () => Value): Signal<Value> {
  const result = signal(read());
  effect(() => void (result.value = read()));
  return result;
}
