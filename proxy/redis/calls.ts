/** Calls from one instance of the fleet to another, over Redis: for what only the holder of a lease can do. */
import { randomUUID } from "node:crypto";
import { ProxyError } from "../errors.ts";
import { toProxyError } from "../platforms/to-proxy-error.ts";
import type { ErrorCode } from "../protocol.ts";
import type { RedisConnection } from "./connection.ts";

/** Wall-clock age at which a call is no longer carried out: its instance was frozen, and was given up. */
const MAX_AGE_MS = 5000;
const CHECK_MS = 1000;

export type Call = { method: string; conversationId: string; params: unknown };

/** `undelivered` it was not carried out · `lost` it may have been. */
export class CallError extends Error {
  override name = "CallError";
  readonly reason: "undelivered" | "lost";

  constructor(reason: CallError["reason"]) {
    super(`a call to another instance is ${reason}`);
    this.reason = reason;
  }
}

export type CallsOptions = {
  redis: RedisConnection;
  instance: string;
  /** Carries out what another instance asks for. What it rejects with is told as a `ProxyError`. */
  handle: (call: Call) => Promise<unknown>;
};

export type Calls = {
  /**
   * Rejects with a `ProxyError` as the other instance did, or a `CallError`. While it waits it asks
   * each second whether the other one `isAlive`.
   */
  call: (to: string, call: Call, isAlive: () => Promise<boolean>) => Promise<unknown>;
  close: () => void;
};

type Failure = { code: ErrorCode; detail: string; field?: string; retryAfter?: number };
type Envelope =
  | ({ type: "call"; callId: string; from: string; sentAt: number } & Call)
  | { type: "reply"; callId: string; value?: unknown; failure?: Failure }
  | { type: "stale"; callId: string };

export function createCalls({ redis, instance, handle }: CallsOptions): Calls {
  const waiting = new Map<string, PromiseWithResolvers<unknown>>();
  const toChannel = (name: string): string => redis.channel(`instance:${name}`);
  let unsubscribe: (() => void) | null = null;
  let closed = false;

  const publish = (to: string, envelope: Envelope): Promise<number> =>
    redis.commands.publish(toChannel(to), JSON.stringify(envelope));

  async function receive(message: string): Promise<void> {
    const envelope = JSON.parse(message) as Envelope;
    const { callId } = envelope;
    if (envelope.type === "call") {
      const { from, sentAt } = envelope;
      const isStale = Date.now() - sentAt > MAX_AGE_MS;
      const reply: Envelope = isStale
        ? { type: "stale", callId }
        : { type: "reply", callId, ...(await carryOut(envelope)) };
      // Without its reply the caller takes the call for lost, which is what it is then.
      await publish(from, reply).catch(() => undefined);
    } else if (envelope.type === "stale") {
      waiting.get(callId)?.reject(new CallError("undelivered"));
    } else if (envelope.failure) waiting.get(callId)?.reject(toError(envelope.failure));
    else waiting.get(callId)?.resolve(envelope.value);
  }

  async function carryOut(call: Call): Promise<{ value?: unknown; failure?: Failure }> {
    try {
      return { value: await handle(call) };
    } catch (error) {
      return { failure: toFailure(error) };
    }
  }

  async function listen(): Promise<void> {
    if (unsubscribe || closed || !redis.isUp()) return;
    const end = await redis.subscribe(toChannel(instance), (message) => void receive(message));
    if (closed || unsubscribe) end();
    else unsubscribe = end;
  }

  function loseAll(): void {
    for (const { reject } of waiting.values()) reject(new CallError("lost"));
  }

  // A failed try is followed by the next reconnect.
  const tryToListen = (): void => void listen().catch(() => undefined);
  tryToListen();
  const ends = [redis.onUp(tryToListen), redis.onDown(loseAll)];

  return {
    async call(to, call, isAlive) {
      const callId = randomUUID();
      const result = Promise.withResolvers<unknown>();
      // A refusal may be here before Redis has confirmed the call, with nobody waiting for it yet.
      result.promise.catch(() => undefined);
      waiting.set(callId, result);
      const check = setInterval(() => {
        isAlive().then(
          (isStillThere) => isStillThere || result.reject(new CallError("lost")),
          () => undefined,
        );
      }, CHECK_MS);
      try {
        const sentAt = Date.now();
        const receivers = await publish(to, {
          type: "call",
          callId,
          from: instance,
          sentAt,
          ...call,
        }).catch(() => {
          throw new CallError("lost");
        });
        if (receivers === 0) throw new CallError("undelivered");
        return await result.promise;
      } finally {
        clearInterval(check);
        waiting.delete(callId);
      }
    },

    close() {
      closed = true;
      unsubscribe?.();
      for (const end of ends) end();
      loseAll();
    },
  };
}

function toFailure(error: unknown): Failure {
  const told = toProxyError(error);
  const { code, detail, field, retryAfter } =
    told instanceof ProxyError ? told : new ProxyError("internal_error");
  return {
    code,
    detail,
    ...(field !== undefined && { field }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

const toError = ({ code, ...options }: Failure): ProxyError => new ProxyError(code, options);
