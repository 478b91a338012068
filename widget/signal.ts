/** A value of a model. Who reads it in an effect is told when it changes. */
export type Signal<Value> = { value: Value };

/** Runs what it stands for again; false when that is over. */
type Reader = () => boolean;

/** The effect that runs now. */
let reader: Reader | undefined;

/**
 * The part of `@preact/signals-core` that the panel needs, in a tenth of its size: the build of
 * `widget.js` puts it in the library's place. The package's users, and the tests, have the library.
 */
export function signal<Value>(value: Value): Signal<Value> {
  const readers = new Set<Reader>();
  return {
    get value() {
      if (reader) readers.add(reader);
      return value;
    },
    set value(next) {
      if (next === value) return;
      value = next;
      for (const read of readers) if (!read()) readers.delete(read);
    },
  };
}

/** Runs `run`, and again whenever a signal that it has ever read has changed. Returns what ends it. */
export function effect(run: () => void): () => void {
  let isActive = true;
  const read: Reader = () => {
    if (!isActive) return false;
    const outer = reader;
    reader = read;
    try {
      run();
    } finally {
      reader = outer;
    }
    return true;
  };
  read();
  return () => void (isActive = false);
}
