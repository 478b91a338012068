/** A send with the same Idempotency-Key is done once; its outcome is kept for a day. */
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ProxyError } from "../errors.ts";
import type { Attempt, OnAttempt } from "./attempt.ts";

/** How often a send that another process does is looked at. */
const POLL_MS = 200;

/** What the key stands for: the same key with another one is refused. */
export type Purpose = {
  /** Of the content. */
  fingerprint: string;
  /** The conversation, or null for a new one. It may differ after an unknown outcome. */
  target: string | null;
};

/** A send that is this process's to do. */
export type Claim<Result> = {
  /** An earlier try whose outcome is unknown: look there before sending again. */
  earlier: Attempt | null;
  /**
   * Kept before it resolves, so that whoever comes next looks there. Rejects with a `ProxyError`
   * when it can't be kept, or when the claim has passed on to another process.
   */
  remember: (attempt: Attempt) => Promise<void>;
  /** Nothing arrived: the key is free again. None of the three rejects. */
  release: () => Promise<void>;
  /** The outcome is not known; what was remembered stays. */
  suspend: () => Promise<void>;
  complete: (result: Result) => Promise<void>;
};

export type ClaimAnswer<Result> =
  | { status: "claimed"; claim: Claim<Result> }
  /** Another process does it right now. */
  | { status: "running" }
  | { status: "done"; result: Result }
  /** The key stands for another message. */
  | { status: "reused" };

/** Keeps each key for 24 h. A claim whose owner has died passes on as a try of unknown outcome. */
export type IdempotencyStore<Result> = {
  /** Rejects with a `ProxyError` while the store is away. */
  claim: (id: string, purpose: Purpose) => Promise<ClaimAnswer<Result>>;
  /** Resolves when no claim is open any more, or will not be closed soon. */
  close: () => Promise<void>;
};

export type IdempotentSend<Result> = {
  visitorId: string;
  key: string;
  content: string;
  target: string | null;
  run: (earlier: Attempt | null, onAttempt: OnAttempt) => Promise<Result>;
};

/**
 * Keyed by visitor and key. A definite failure is forgotten, so that the same key may try again; an
 * unknown outcome is not, so that every later try can look first. Throws `idempotency_key_reused`.
 */
export function createIdempotency<Result>(store: IdempotencyStore<Result>) {
  /** Under way in this process: whoever asks for the same shares it. */
  const running = new Map<string, Purpose & { result: Promise<Result> }>();

  async function claimOrWait(
    id: string,
    purpose: Purpose,
    run: IdempotentSend<Result>["run"],
  ): Promise<Result> {
    for (;;) {
      const answer = await store.claim(id, purpose);
      if (answer.status === "claimed") return settle(answer.claim, run);
      if (answer.status === "done") return answer.result;
      if (answer.status === "reused") throw reused();
      await wait(POLL_MS);
    }
  }

  return async function sendOnce(send: IdempotentSend<Result>): Promise<Result> {
    const { visitorId, key, content, target, run } = send;
    const id = `${visitorId}:${key}`;
    const fingerprint = createHash("sha256").update(content).digest("base64");
    const shared = running.get(id);
    if (shared) {
      if (shared.fingerprint !== fingerprint || shared.target !== target) throw reused();
      return shared.result;
    }
    const result = claimOrWait(id, { fingerprint, target }, run);
    running.set(id, { fingerprint, target, result });
    try {
      return await result;
    } finally {
      running.delete(id);
    }
  };
}

async function settle<Result>(
  claim: Claim<Result>,
  run: IdempotentSend<Result>["run"],
): Promise<Result> {
  let hasAttempted = claim.earlier !== null;
  let result: Result;
  try {
    result = await run(claim.earlier, async (attempt) => {
      await claim.remember(attempt);
      hasAttempted = true;
    });
  } catch (error) {
    const code = error instanceof ProxyError ? error.code : null;
    // A later try that fails tells nothing of the first one, but that its conversation isn't there.
    const isUnknown = claim.earlier !== null && code !== "conversation_not_found";
    const keeps = hasAttempted && (isUnknown || code === "send_outcome_unknown");
    await (keeps ? claim.suspend() : claim.release());
    throw error;
  }
  await claim.complete(result);
  return result;
}

const reused = (): ProxyError =>
  new ProxyError("idempotency_key_reused", {
    field: "Idempotency-Key",
    detail: "Idempotency-Key was used with another message: make a new one for each message",
  });
