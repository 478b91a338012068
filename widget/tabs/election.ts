type ElectionOptions = {
  /** Of the lock: one tab among those that name the same is the leader. */
  name: string;
  /** Called when this tab is the leader, until `signal` aborts: another tab may take its place. */
  lead(signal: AbortSignal): Promise<void>;
  /** Called whenever another tab is. */
  obey(): void;
  signal: AbortSignal;
};

/**
 * Makes one tab the leader. When its page goes away, the next one is. `run` ends with `signal`, and
 * rejects as `lead` does, or with a `DOMException` where the browser refuses locks.
 */
export function createElection({ name, lead, obey, signal }: ElectionOptions) {
  let waiting = new AbortController();

  /** Until the lock is taken away from this tab; its rejection then says so. */
  async function take(options: LockOptions): Promise<void> {
    const turn = new AbortController();
    const over = AbortSignal.any([signal, turn.signal]);
    try {
      await navigator.locks.request(name, options, (lock) => lock && lead(over));
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "AbortError") throw error;
    } finally {
      turn.abort();
    }
  }

  return {
    async run(): Promise<void> {
      await take({ ifAvailable: true });
      while (!signal.aborted) {
        waiting = new AbortController();
        obey();
        await take({ signal: AbortSignal.any([signal, waiting.signal]) });
        if (waiting.signal.aborted && !signal.aborted) await take({ steal: true });
      }
    },
    /** Takes the place of a leader that is silent. Only for a tab that follows. */
    depose: () => waiting.abort(),
  };
}
