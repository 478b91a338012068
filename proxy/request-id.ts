/** The id of the request that is being worked on: in every log line, and in every call to the platform. */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

const current = new AsyncLocalStorage<string>();

/** Undefined outside of any request. */
export const currentRequestId = (): string | undefined => current.getStore();

/** A caller's own id is taken over when no log or header could be forged by it; else one is made. */
export const toRequestId = (given: string | undefined): string =>
  given !== undefined && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();

/** Whatever `task` starts, now or later, belongs to the request `id`. Default: one of its own. */
export const withRequestId = <Result>(task: () => Result, id = randomUUID() as string): Result =>
  current.run(id, task);
