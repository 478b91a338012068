/** What the relay tells whoever watches over it. Nothing here names a conversation or holds a text. */

/** `fresh` asked for nothing earlier · `replay` got what it missed · `snapshot` was away for too long. */
export type AdmissionKind = "fresh" | "replay" | "snapshot";
/** `slow` more waited than a viewer may hold · `stalled` nothing was read between two heartbeats. */
export type DropReason = "slow" | "stalled";

/** Called on the way of every event: each function is cheap and throws nothing. Times are in seconds. */
export type Observer = {
  /** One event was written to so many viewers. */
  shown: (viewers: number) => void;
  admitted: (kind: AdmissionKind) => void;
  dropped: (reason: DropReason) => void;
  /** From the platform's accepting a message to the first text of its answer. */
  answerBegan: (seconds: number) => void;
  /** From the platform's bytes to the frames of one event; the joining of chunks is part of it. */
  relayed: (seconds: number) => void;
  /** A platform's stream is opened once more. */
  reconnected: () => void;
};

const ignore = (): void => undefined;

/** For whoever does not watch. */
export const UNOBSERVED: Observer = {
  shown: ignore,
  admitted: ignore,
  dropped: ignore,
  answerBegan: ignore,
  relayed: ignore,
  reconnected: ignore,
};
