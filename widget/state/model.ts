/** State that is replaced, never changed in place, and tells its watchers. */
export type Model<State> = {
  readonly state: State;
  change(changes: Partial<State>): void;
  /** Calls `watcher` after changes, until the function that it returns is called. */
  watch(watcher: () => void): () => void;
};

/** `schedule` may put several changes into one call of the watchers; default: each has its own. */
export function createModel<State extends object>(
  initial: State,
  schedule: (notify: () => void) => void = (notify) => notify(),
): Model<State> {
  const watchers = new Set<() => void>();
  let state = initial;
  let isScheduled = false;
  return {
    get state() {
      return state;
    },
    change(changes) {
      state = { ...state, ...changes };
      if (isScheduled) return;
      isScheduled = true;
      schedule(() => {
        isScheduled = false;
        for (const watcher of watchers) watcher();
      });
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
