import { setTimeout as sleep } from "node:timers/promises";

const ATTEMPTS = 5;
const TIMEOUT_MS = 10_000;

/** A call of an owner's server; header names in lower case. */
export type Call = {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
};

export type Delivery = ReturnType<typeof createDelivery>;

export type DeliveryOptions = {
  /** Wait before the second attempt, in ms; doubled for each further one. */
  backoffMs: number;
  log: (line: string) => void;
};

/** Calls the owners' servers, again and again for a while when they fail. */
export function createDelivery({ backoffMs, log }: DeliveryOptions) {
  const abort = new AbortController();

  async function deliver(toCall: () => Call | null): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0)
        await sleep(backoffMs * 2 ** (attempt - 1), undefined, { signal: abort.signal });
      const call = toCall();
      if (!call) return;
      const status = await send(call, abort.signal).catch(() => undefined);
      if (abort.signal.aborted || (status !== undefined && !isRetryable(status))) return;
      log(`webhook: attempt ${attempt + 1} of ${ATTEMPTS}: ${status ?? "no answer"}`);
    }
  }

  return {
    /** Returns at once. Asks before every attempt what to call; null ends it. */
    fire(toCall: () => Call | null): void {
      deliver(toCall).catch((error: unknown) => {
        if (!abort.signal.aborted) log(`webhook: ${String(error)}`);
      });
    },

    /** One attempt; resolves with the status of the owner's server, rejects when it has none. */
    test: (call: Call): Promise<number> => send(call, abort.signal),

    close: () => abort.abort(),
  };
}

/** Redirects are not followed: the owner set this address and no other. */
async function send({ url, ...call }: Call, signal: AbortSignal): Promise<number> {
  const response = await fetch(url, {
    ...call,
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  await response.body?.cancel();
  return response.status;
}

function isRetryable(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}
