/** In milliseconds. A tab that takes longer may be frozen: the next one goes ahead. */
const PATIENCE = 10_000;
/** In milliseconds. Tabs are processes: the next one may get the lock sooner than what was stored. */
const SETTLING = 1_000;

/** Runs `task` while no other tab runs one under the same `name`; where there are no locks, at once. */
export async function oneAtATime<Result>(
  name: string,
  task: () => Promise<Result>,
  settling = SETTLING,
): Promise<Result> {
  let running: Promise<Result> | undefined;
  const run = () => (running ??= task());
  await new Promise<unknown>((resolve) => {
    async function hold(): Promise<void> {
      resolve(undefined);
      await run().catch(() => undefined);
      await new Promise((settled) => setTimeout(settled, settling));
    }
    const options = { signal: AbortSignal.timeout(PATIENCE) };
    navigator.locks.request(`lex-chat:first:${name}`, options, hold).catch(resolve);
  });
  return run();
}
