/** Calls from one instance of the fleet to another, over Redis: for what only the holder of a lease can do. */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { ProxyError } from "../errors.ts";
import { describeError } from "../platforms/platform.ts";
import { toProxyError } from "../platforms/to-proxy-error.ts";
import type { ErrorCode } from "../protocol.ts";
import { currentRequestId, withRequestId } from "../request-id.ts";
import type { RedisConnection } from "./connection.ts";
import { keepListening } from "./keep-listening.ts";
import { defineScript } from "./scripts.ts";

/** A call that is not taken up for so long is not carried out any more. */
const CLAIM_MS = 5000;
const CHECK_MS = 1000;

export type Call = { method: string; conversationId: string; params: unknown };

/** `undelivered` it was not carried out, and will not be · `lost` it may have been. */
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
  logger: Logger;
  /** Milliseconds; defaults to 5000. */
  claimMs?: number;
  /** Milliseconds; defaults to 1000. */
  checkMs?: number;
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
  | ({ type: "call"; callId: string; from: string; requestId?: string } & Call)
  | { type: "reply"; callId: string; value?: unknown; failure?: Failure }
  | { type: "stale"; callId: string };

/**
 * Whoever deletes the claim decides: the callee that carries the call out, or the caller that gives it
 * up. So an instance that was frozen never does late what is done elsewhere by then, whatever its clock says.
 */
const postCall = defineScript<
  [claim: string],
  [channel: string, envelope: string, claimMs: number],
  number
>(
  "postCall",
  `
  local receivers = redis.call('PUBLISH', ARGV[1], ARGV[2])
  if receivers > 0 then redis.call('SET', KEYS[1], 1, 'PX', ARGV[3]) end
  return receivers
  `,
);

export function createCalls(options: CallsOptions): Calls {
  const { redis, instance, handle, logger, claimMs = CLAIM_MS, checkMs = CHECK_MS } = options;
  const waiting = new Map<string, PromiseWithResolvers<unknown>>();
  const toChannel = (name: string): string => redis.channel(`instance:${name}`);
  const toClaim = (callId: string): string => redis.key(`call:${callId}`);

  /** True for one of all who ask. */
  const claim = async (callId: string): Promise<boolean> =>
    (await redis.commands.del(toClaim(callId))) === 1;

  const reply = (to: string, envelope: Envelope): Promise<number> =>
    redis.commands.publish(toChannel(to), JSON.stringify(envelope));

  async function receive(message: string): Promise<void> {
    const envelope = JSON.parse(message) as Envelope;
    const { callId } = envelope;
    if (envelope.type === "call") {
      const { from, requestId } = envelope;
      const outcome = (await claim(callId))
        ? { type: "reply" as const, ...(await withRequestId(() => carryOut(envelope), requestId)) }
        : { type: "stale" as const };
      await reply(from, { ...outcome, callId });
    } else if (envelope.type === "stale") {
      waiting.get(callId)?.reject(new CallError("undelivered"));
    } else if (envelope.failure) waiting.get(callId)?.reject(toError(envelope.failure));
    else waiting.get(callId)?.resolve(envelope.value);
  }

  async function carryOut(call: Call): Promise<{ value?: unknown; failure?: Failure }> {
    try {
      return { value: await handle(call) };
    } catch (error) {
      const told = toProxyError(error);
      if (told instanceof ProxyError) return { failure: toFailure(told) };
      const fields = { cause: describeError(error), method: call.method };
      logger.error(fields, "a call of another instance failed");
      return { failure: toFailure(new ProxyError("internal_error")) };
    }
  }

  function onMessage(message: string): void {
    // Without its reply the caller takes a call for lost, which is what it is then.
    receive(message).catch(() => logger.warn("a call or its reply was lost between instances"));
  }

  function loseAll(): void {
    for (const { reject } of waiting.values()) reject(new CallError("lost"));
  }

  async function giveUp(callId: string): Promise<void> {
    const isOurs = await claim(callId).catch(() => false);
    waiting.get(callId)?.reject(new CallError(isOurs ? "undelivered" : "lost"));
  }

  async function post(to: string, call: Call, callId: string): Promise<void> {
    const requestId = currentRequestId();
    const envelope: Envelope = {
      type: "call",
      callId,
      from: instance,
      ...(requestId !== undefined && { requestId }),
      ...call,
    };
    const message = JSON.stringify(envelope);
    const receivers = await postCall(
      redis,
      [toClaim(callId)],
      [toChannel(to), message, claimMs],
    ).catch(() => {
      throw new CallError("lost");
    });
    if (receivers === 0) throw new CallError("undelivered");
  }

  const ends = [keepListening(redis, toChannel(instance), onMessage), redis.onDown(loseAll)];

  return {
    async call(to, call, isAlive) {
      if (!redis.isUp()) throw new CallError("undelivered");
      const callId = randomUUID();
      const result = Promise.withResolvers<unknown>();
      // A refusal may be here before Redis has confirmed the call, with nobody waiting for it yet.
      result.promise.catch(() => undefined);
      waiting.set(callId, result);
      const check = setInterval(() => {
        isAlive()
          .then((isStillThere) => (isStillThere ? undefined : giveUp(callId)))
          .catch(() => undefined);
      }, checkMs);
      try {
        await post(to, call, callId);
        return await result.promise;
      } finally {
        clearInterval(check);
        waiting.delete(callId);
      }
    },

    close() {
      for (const end of ends) end();
      loseAll();
    },
  };
}

const toFailure = ({ code, detail, field, retryAfter }: ProxyError): Failure => ({
  code,
  detail,
  ...(field !== undefined && { field }),
  ...(retryAfter !== undefined && { retryAfter }),
});

const toError = ({ code, ...options }: Failure): ProxyError => new ProxyError(code, options);
