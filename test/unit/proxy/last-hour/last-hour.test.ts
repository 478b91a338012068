import { describe, expect, test } from "vitest";
import { createLastHour } from "../../../../proxy/last-hour/last-hour.ts";

const MINUTE = 60_000;
const START = 1_700_000_000_000 - (1_700_000_000_000 % MINUTE);

function start() {
  let now = START;
  const history = createLastHour(() => now);
  return { history, pass: (minutes: number) => void (now += minutes * MINUTE) };
}

describe("the history", () => {
  test("begins with the minute that runs, in which nothing has happened", () => {
    expect(start().history.read()).toEqual({
      minutes: [START / 1000],
      messages: [0],
      errors: [0],
      viewers: [0],
      firstTextMedian: [null],
      firstTextP95: [null],
      openViewers: 0,
    });
  });

  test("counts what happens in the minute in which it happens", () => {
    const { history, pass } = start();
    history.messageSent();
    history.messageSent();
    pass(1);
    history.failed();
    pass(2);
    history.messageSent();
    const { minutes, messages, errors } = history.read();
    expect(minutes).toEqual([0, 1, 2, 3].map((minute) => START / 1000 + minute * 60));
    expect(messages).toEqual([2, 0, 0, 1]);
    expect(errors).toEqual([0, 1, 0, 0]);
  });

  test("keeps the most viewers of each minute, and says how many there are now", () => {
    const { history, pass } = start();
    let viewers = 3;
    history.watch(() => viewers);
    history.read();
    viewers = 1;
    history.read();
    pass(1);
    expect(history.read()).toMatchObject({ viewers: [3, 1], openViewers: 1 });
    history.close();
  });

  test("says how long half of the answers, and 95 of 100, took to begin", () => {
    const { history } = start();
    for (let index = 1; index <= 100; index += 1) history.answerBegan(index / 100);
    expect(history.read()).toMatchObject({ firstTextMedian: [0.5], firstTextP95: [0.95] });
  });

  test("holds an hour and no more", () => {
    const { history, pass } = start();
    history.messageSent();
    for (let minute = 0; minute < 200; minute += 1) {
      pass(1);
      history.failed();
    }
    const { minutes, messages, errors } = history.read();
    expect(minutes).toHaveLength(60);
    expect(minutes.at(-1)).toBe(START / 1000 + 200 * 60);
    expect(messages).not.toContain(2);
    expect(errors.every((count) => count === 1)).toBe(true);
  });

  test("after a night of sleep is an empty hour, without a gap", () => {
    const { history, pass } = start();
    history.messageSent();
    pass(8 * 60);
    const { minutes, messages } = history.read();
    expect(minutes).toEqual(
      Array.from({ length: 60 }, (_, index) => START / 1000 + (8 * 60 - 59 + index) * 60),
    );
    expect(messages.every((count) => count === 0)).toBe(true);
  });

  test("goes on in its last minute when the clock is set back", () => {
    const { history, pass } = start();
    pass(-30);
    history.messageSent();
    expect(history.read()).toMatchObject({ minutes: [START / 1000], messages: [1] });
  });
});
