/** Which answer is under way, which platform events belong to it, and whether its beginning is known. */
import { createLiveAnswer, type LiveAnswer } from "./answer.ts";

export type AnswerSlotOptions = {
  coalesceMs: number;
  onText: (messageId: string, offset: number, text: string) => void;
  /** An answer has begun before the end of the one before it was told. */
  onOverlap: () => void;
};

export type AnswerSlot = {
  current: () => LiveAnswer | null;
  /** The answer that this id belongs to, begun if need be. Without an id it is the one under way. */
  of: (messageId: string | null) => LiveAnswer;
  /** Goes on with what a proxy that is gone has shown. */
  resume: (messageId: string, shownBefore: string) => LiveAnswer;
  /** Takes it out, all of it handed out. `isOver`: what comes later without an id still belongs to it. */
  take: (isOver: boolean) => LiveAnswer | null;
  /** Belongs to the answer that has ended, as far as can be told without its id. */
  isLate: (messageId: string | null) => boolean;
  /** Something new begins: nothing without an id is late any more. */
  reopen: () => void;
  /** The connection opened in the middle of an answer. */
  missBeginning: (isMissed: boolean) => void;
  hasMissedBeginning: () => boolean;
};

export function createAnswerSlot(options: AnswerSlotOptions): AnswerSlot {
  let current: LiveAnswer | null = null;
  let isOver = false;
  let hasMissedBeginning = false;

  function begin(known: { id: string | null; shownBefore?: string }): LiveAnswer {
    const answer = createLiveAnswer({
      ...known,
      coalesceMs: options.coalesceMs,
      onText: (offset, text) => options.onText(answer.id, offset, text),
    });
    current = answer;
    return answer;
  }

  return {
    current: () => current,

    of(messageId) {
      if (!current) return begin({ id: messageId });
      if (messageId === null || current.id === messageId || current.isProvisional) return current;
      current.flush();
      options.onOverlap();
      return begin({ id: messageId });
    },

    resume: (id, shownBefore) => begin({ id, shownBefore }),

    take(isOverNow) {
      const taken = current;
      current = null;
      hasMissedBeginning = false;
      isOver ||= isOverNow;
      taken?.flush();
      return taken;
    },

    isLate: (messageId) => messageId === null && !current && isOver,
    reopen: () => void (isOver = false),
    missBeginning: (isMissed) => void (hasMissedBeginning = isMissed),
    hasMissedBeginning: () => hasMissedBeginning,
  };
}
