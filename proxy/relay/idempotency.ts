/** A send with the same Idempotency-Key is done once; its outcome is kept for a day. */
import { createHash } from "node:crypto";
import { ProxyError } from "../errors.ts";

const KEPT_MS = 24 * 60 * 60 * 1000;
const MAX_ENTRIES = 50_000;

type Entry<Result> = {
  fingerprint: string;
  target: string | null;
  expiresAt: number;
  result: Promise<Result>;
  /** Whether an earlier try ended in `send_outcome_unknown`, and into which conversation it went. */
  earlier: EarlierTry | null;
};

/** What a try has to know about the one before it with the same key. */
export type EarlierTry = { conversationId: string };

export type IdempotentSend<Result> = {
  visitorId: string;
  key: string;
  /** What the key stands for; the same key with another content is refused. */
  content: string;
  /** Where it goes to. Another place is another message too, but after an unknown outcome. */
  target: string | null;
  /** `earlier` is set when the last try's outcome is unknown: look there before sending again. */
  run: (earlier: EarlierTry | null, remember: (conversationId: string) => void) => Promise<Result>;
};

/**
 * Keyed by visitor and key. A definite failure is forgotten, so that the same key may try again; an
 * unknown outcome is not, so that every later try can look first. Throws `idempotency_key_reused`.
 */
export function createIdempotency<Result>(now: () => number = Date.now) {
  const entries = new Map<string, Entry<Result>>();

  function dropOld(): void {
    for (const [id, entry] of entries) {
      if (entry.expiresAt > now() && entries.size < MAX_ENTRIES) return;
      entries.delete(id);
    }
  }

  return async function sendOnce(send: IdempotentSend<Result>): Promise<Result> {
    const id = `${send.visitorId} ${send.key}`;
    const fingerprint = createHash("sha256").update(send.content).digest("base64");
    const stored = entries.get(id);
    const known = stored && stored.expiresAt > now() ? stored : null;
    if (known) {
      const isOtherTarget = known.target !== send.target && !known.earlier;
      if (known.fingerprint !== fingerprint || isOtherTarget) {
        throw new ProxyError("idempotency_key_reused", {
          field: "Idempotency-Key",
          detail: "Idempotency-Key was used with another message: make a new one for each message",
        });
      }
      if (!known.earlier) return known.result;
    }
    dropOld();
    const earlier = known?.earlier ?? null;
    let conversationId = earlier?.conversationId ?? null;
    const result = send.run(earlier, (opened) => (conversationId = opened));
    const { target } = send;
    const expiresAt = now() + KEPT_MS;
    const entry: Entry<Result> = { fingerprint, target, expiresAt, result, earlier: null };
    entries.delete(id);
    entries.set(id, entry);
    try {
      return await result;
    } catch (error) {
      const code = error instanceof ProxyError ? error.code : null;
      // A later try that fails tells nothing of the first one, but that its conversation isn't there.
      const isUnknown = earlier !== null && code !== "conversation_not_found";
      if ((isUnknown || code === "send_outcome_unknown") && conversationId !== null)
        entry.earlier = { conversationId };
      else entries.delete(id);
      throw error;
    }
  };
}
