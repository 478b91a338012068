/** The answer being written: its id, the text that viewers have so far, and whether more may be shown. */
import { randomUUID } from "node:crypto";
import { createCoalescer } from "./coalescer.ts";

/** An answer longer than this is shown whole at its end, from the history. */
const MAX_LIVE_CHARACTERS = 512 * 1024;

export type LiveAnswer = {
  readonly id: string;
  /** Made up here, since the platform names a message only at its end. */
  readonly isProvisional: boolean;
  /** Begun by a proxy that is gone. */
  readonly isResumed: boolean;
  /** What went into the event log so far, in UTF-16 units. */
  text: () => string;
  add: (text: string) => void;
  /** Hands out what is pending, so that the next event comes after it. */
  flush: () => void;
  /** Nothing more is shown: a piece is missing, or the visitor stopped it. */
  mute: () => void;
  isMuted: () => boolean;
  stop: () => void;
  isStopped: () => boolean;
};

export type LiveAnswerOptions = {
  id: string | null;
  /** Shown before, by a proxy that is gone: nothing is added to it, its end brings it whole. */
  shownBefore?: string;
  coalesceMs: number;
  /** `offset` is the length of the text before this piece. */
  onText: (offset: number, text: string) => void;
};

export function createLiveAnswer(options: LiveAnswerOptions): LiveAnswer {
  const { shownBefore } = options;
  let shown = shownBefore ?? "";
  let muted = shownBefore !== undefined;
  let stopped = false;

  const coalescer = createCoalescer(options.coalesceMs, (text) => {
    const offset = shown.length;
    shown += text;
    options.onText(offset, text);
    if (shown.length > MAX_LIVE_CHARACTERS) muted = true;
  });

  function mute(): void {
    coalescer.flush();
    muted = true;
  }

  return {
    id: options.id ?? randomUUID(),
    // Whether the platform knows that id is not known either: whatever ends next is this answer.
    isProvisional: options.id === null || shownBefore !== undefined,
    isResumed: shownBefore !== undefined,
    text: () => shown,
    add(text) {
      if (!muted) coalescer.add(text);
    },
    flush: coalescer.flush,
    mute,
    isMuted: () => muted,
    stop() {
      mute();
      stopped = true;
    },
    isStopped: () => stopped,
  };
}
