/** Sees to it that what is awaited of the platform ends: by its stream, else by its history, else by an error. */
import type { Logger } from "pino";
import type { Platform } from "../platforms/platform.ts";
import type { ConversationEvent } from "../protocol.ts";
import type { History } from "./history.ts";
import type { Subscription } from "./subscription.ts";
import type { RelayTimes } from "./times.ts";
import type { Translator } from "./translator.ts";
import { createWatch } from "./watch.ts";

/** A snapshot is read at most so often in a row. */
const SNAPSHOT_TRIES = 3;

/** Why an answer has no end. */
const GIVEN_UP = {
  platform_timeout: "The agent did not answer.",
  platform_unavailable: "The agent could not finish its answer.",
  answer_lost: "The agent's answer was lost.",
} as const;

export type FollowUpOptions = {
  conversationId: string;
  platform: Platform;
  translator: Translator;
  history: History;
  subscription: () => Subscription | null;
  snapshot: () => ReturnType<History["snapshot"]>;
  emit: (event: ConversationEvent) => void;
  /** Events that were emitted so far, by whomever. */
  told: () => number;
  times: RelayTimes;
  logger: Logger;
};

export type FollowUp = {
  /** The platform has taken a message: its answer is awaited. */
  accepted: () => void;
  /** The platform works on an answer that was awaited before this proxy looked. */
  expect: () => void;
  /** An event of the platform has been applied. */
  applied: () => void;
  /** Viewers were shown what the platform does not have: they get a snapshot, now or as soon as can be. */
  refresh: () => Promise<void>;
  /** The translator's calls. */
  onIncomplete: () => void;
  onIdle: () => void;
  onAnswered: () => void;
  onFailed: () => void;
  /** An accepted message has no answer yet. */
  isAwaiting: () => boolean;
  end: () => void;
};

export function createFollowUp(options: FollowUpOptions): FollowUp {
  const { conversationId, platform, translator, history, subscription, emit, times } = options;
  let isAwaiting = false;
  /** The platform has worked on what is awaited. */
  let hasBegun = false;
  /** Something happened whose content only the history has. */
  let isIncomplete = false;
  /** Viewers still see what the platform does not have. */
  let isStale = false;
  /** When the platform became idle, as of `performance.now()`; null while it works or has just got a message. */
  let idleSince: number | null = null;
  let lastEventAt = 0;
  let endings = 0;
  let hasEnded = false;

  const isAnswering = (): boolean => isAwaiting || translator.answer() !== null;

  const watch = createWatch({
    isNeeded: () =>
      isAnswering() || isIncomplete || isStale || translator.platformState() !== "idle",
    isStreaming: () => idleSince === null && subscription()?.isUp() === true,
    lastEventAt: () => lastEventAt,
    poll,
    onGiveUp: () => void giveUp("platform_timeout"),
    times,
    logger: options.logger,
  });

  function noticeWork(): void {
    if (translator.platformState() !== "idle") {
      hasBegun = true;
      idleSince = null;
    }
    if (!hasEnded) watch.wake();
  }

  /** What did not come by the stream is read from the platform's state and history. */
  async function poll(): Promise<void> {
    const known = { endings, lastEventAt, state: translator.platformState() };
    // Work may be over by the time that the platform is asked.
    if (known.state !== "idle") hasBegun = true;
    isIncomplete = false;
    const state = await platform.state(conversationId).catch(() => null);
    const isRead = await history.reconcile(state);
    if (hasEnded) return;
    if (!isRead) isIncomplete = true;
    // An answer that the history has whole is over, whatever the platform says that it is doing.
    const next = endings === known.endings ? state : "idle";
    if (next !== null) translator.setState(next);
    noticeWork();
    if (isRead && isStale) await refresh();
    if (isRead && state === "idle" && isLost()) return giveUp("answer_lost");
    const isBehind = next !== null && next !== known.state && lastEventAt === known.lastEventAt;
    if (isBehind || isStalled()) subscription()?.replace();
  }

  /** Idle for so long without an end of what is awaited, the platform will not give one. */
  const isLost = (): boolean =>
    isAnswering() && idleSince !== null && performance.now() - idleSince >= times.lostMs;

  /** A stream that has brought a part of the answer is kept: a new one could not go on with it. */
  function isStalled(): boolean {
    const silence = subscription()?.silentFor() ?? 0;
    return translator.answer() === null && silence > times.awaitedStallMs;
  }

  /** There will be no end of what is awaited: viewers get what the platform has, and are told so. */
  async function giveUp(code: keyof typeof GIVEN_UP): Promise<void> {
    const answer = translator.answer();
    // A platform that never began leaves it to a person, who may take hours.
    const isExpected = hasBegun || code === "platform_timeout";
    const mustTell = isAnswering() && isExpected && !answer?.isStopped();
    isAwaiting = false;
    isIncomplete = false;
    translator.dropAnswer();
    translator.setState("idle");
    if (!mustTell) return;
    if (answer) await refresh();
    if (!hasEnded)
      emit({ event: "error", data: { code, message: GIVEN_UP[code], retryable: true } });
  }

  /** A snapshot for everybody. One that something was told after comes too late: it is read again. */
  async function refresh(): Promise<void> {
    isStale = true;
    for (let count = 0; count < SNAPSHOT_TRIES && isStale; count += 1) {
      const snapshot = await options.snapshot().catch(() => null);
      if (snapshot === null || hasEnded) break;
      if (options.told() !== snapshot.told) continue;
      isStale = false;
      emit({ event: "conversation:init", data: snapshot.data });
    }
    if (!hasEnded) watch.wake();
  }

  return {
    accepted() {
      isAwaiting = true;
      hasBegun = false;
      idleSince = null;
      if (!hasEnded) watch.restart();
      subscription()?.retryNow();
    },

    expect() {
      isAwaiting = true;
      hasBegun = true;
      idleSince = null;
      if (!hasEnded) watch.wake();
    },

    applied() {
      lastEventAt = performance.now();
      noticeWork();
    },

    refresh,

    onIncomplete() {
      isIncomplete = true;
      if (!hasEnded) watch.pollIn(times.settleMs);
    },

    onIdle() {
      if (idleSince !== null) return;
      idleSince = performance.now();
      if (isAnswering() && !hasEnded) watch.pollIn(times.settleMs);
    },

    onAnswered() {
      isAwaiting = false;
      endings += 1;
    },

    onFailed() {
      hasBegun = true;
      void giveUp("platform_unavailable");
    },

    isAwaiting: () => isAwaiting,

    end() {
      hasEnded = true;
      watch.end();
    },
  };
}
