/** What this proxy did in the last hour, minute by minute, in memory: for the owner's page. */
import type { HistoryResponse } from "../protocol.ts";
import { createSample, type Sample } from "./sample.ts";

const MINUTE_MS = 60_000;
const MINUTES = 60;
const SAMPLE_MS = 10_000;

type Minute = {
  /** Since 1970, in minutes. */
  at: number;
  messages: number;
  errors: number;
  viewers: number;
  firstText: Sample;
};

export type LastHour = {
  messageSent: () => void;
  /** A request that the proxy or the platform could not answer, or an answer that broke off. */
  failed: () => void;
  /** Seconds until the first text of an answer. */
  answerBegan: (seconds: number) => void;
  /** Looks at the number of open viewers every ten seconds from now on. */
  watch: (countViewers: () => number) => void;
  read: () => HistoryResponse;
  close: () => void;
};

const emptyMinute = (at: number): Minute => ({
  at,
  messages: 0,
  errors: 0,
  viewers: 0,
  firstText: createSample(),
});

/** Begins with the minute in which it is created. */
export function createLastHour(now: () => number = Date.now): LastHour {
  const thisMinute = (): number => Math.floor(now() / MINUTE_MS);
  let last = emptyMinute(thisMinute());
  let minutes = [last];
  let countViewers = (): number => 0;
  let timer: NodeJS.Timeout | undefined;

  /** The minute that runs. After those in which nothing happened, which are there as well. */
  function current(): Minute {
    const at = thisMinute();
    // A clock that was set back: what happens until it has caught up counts for the last minute.
    if (last.at >= at) return last;
    for (let next = Math.max(last.at + 1, at - MINUTES + 1); next <= at; next += 1) {
      last = emptyMinute(next);
      minutes.push(last);
    }
    minutes = minutes.slice(-MINUTES);
    return last;
  }

  function lookAtViewers(): void {
    const minute = current();
    minute.viewers = Math.max(minute.viewers, countViewers());
  }

  return {
    messageSent: () => void (current().messages += 1),
    failed: () => void (current().errors += 1),
    answerBegan: (seconds) => current().firstText.add(seconds),
    watch(count) {
      countViewers = count;
      timer = setInterval(lookAtViewers, SAMPLE_MS).unref();
    },
    read() {
      lookAtViewers();
      return {
        minutes: minutes.map(({ at }) => at * 60),
        messages: minutes.map(({ messages }) => messages),
        errors: minutes.map(({ errors }) => errors),
        viewers: minutes.map(({ viewers }) => viewers),
        firstTextMedian: minutes.map(({ firstText }) => firstText.quantile(0.5)),
        firstTextP95: minutes.map(({ firstText }) => firstText.quantile(0.95)),
        openViewers: countViewers(),
      };
    },
    close: () => clearInterval(timer),
  };
}
