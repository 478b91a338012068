/** How long the relay waits for what, in milliseconds. Only tests have a reason to change them. */
export const RELAY_TIMES = {
  /** A send waits so long for the platform's stream; without it the history supplies what was missed. */
  streamWaitMs: 3000,
  /** After `idle`, how long the end of an answer may still take to arrive by the stream. */
  settleMs: 400,
  /** Idle for so long without an end of its answer, the platform has lost it, or will not give one. */
  lostMs: 5000,
  /** A message that stays the same for so long is whole, though the platform says that it is writing. */
  stuckMs: 30_000,
  /** The same, where the platform does not say. */
  unchangedMs: 3000,
  /** An answer that is awaited for so long is not awaited any more. */
  giveUpMs: 600_000,
  /** Without an event for so long after a send, or between two of them, the stream is not trusted. */
  firstSilenceMs: 3000,
  silenceMs: 10_000,
  /** Polling, from the first to the longest wait. */
  pollMs: 1000,
  maxPollMs: 5000,
  /** Without any byte for so long a connection is taken for dead; the shorter time while an answer is awaited. */
  stallMs: 60_000,
  awaitedStallMs: 20_000,
  /** The longest wait before the first repeat of a connection, and before any. */
  reconnectMs: 500,
  maxReconnectMs: 15_000,
  /** The platform's stream stays open so long after it was last needed. */
  graceMs: 30_000,
  /** An event stays in memory for viewers that resume, for so long to twice as long. */
  resumeMs: 60_000,
  /** What was cut off, and in Redis the events, are kept this much longer. */
  retentionMs: 600_000,
  /** A connection that lived so long starts the backoff afresh. */
  stableMs: 5000,
} as const;

export type RelayTimes = { readonly [Name in keyof typeof RELAY_TIMES]: number };
