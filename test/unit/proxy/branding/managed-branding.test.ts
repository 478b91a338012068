import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  BRANDING_QUESTION,
  createManagedBranding,
} from "../../../../proxy/branding/managed-branding.ts";
import { PlatformError } from "../../../../proxy/platforms/platform.ts";

const MINUTE = 60_000;
const acme = '{"agentName":"Acme"}';
const changed = '{"agentName":"Acme 2"}';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An agent whose answers a test gives one by one, and what was logged. */
function start() {
  const questions: Array<PromiseWithResolvers<string> & { signal: AbortSignal }> = [];
  const log: string[] = [];
  const managed = createManagedBranding({
    ask(question, signal) {
      expect(question).toBe(BRANDING_QUESTION);
      questions.push({ ...Promise.withResolvers<string>(), signal });
      return questions.at(-1)?.promise ?? Promise.reject(new Error("no question"));
    },
    logger: pino({ base: null }, { write: (line: string) => void log.push(line) }),
  });
  /** Lets what waits for the answer run. */
  const settle = async (act: (question: (typeof questions)[number]) => void): Promise<void> => {
    const last = questions.at(-1);
    if (last) act(last);
    await vi.advanceTimersByTimeAsync(0);
  };
  return {
    managed,
    log,
    asked: () => questions.length,
    answer: (text: string) => settle(({ resolve }) => resolve(text)),
    fail: (error: Error) => settle(({ reject }) => reject(error)),
    signal: () => questions.at(-1)?.signal,
  };
}

const away = new PlatformError("unavailable", "POST /api/v1/management: the platform answered 503");

test("it asks at once, and has nothing until the agent has answered", async () => {
  const { managed, asked, answer } = start();
  expect([asked(), managed.current()]).toEqual([1, {}]);
  await answer(acme);
  expect(managed.current()).toEqual({ agentName: "Acme" });
});

test("it asks again every five minutes, give or take one", async () => {
  const { managed, asked, answer } = start();
  await answer(acme);
  await vi.advanceTimersByTimeAsync(4 * MINUTE - 1);
  expect(asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(2 * MINUTE + 1);
  expect(asked()).toBe(2);
  await answer(changed);
  expect(managed.current()).toEqual({ agentName: "Acme 2" });
});

test("it asks one question at a time, and once more when it is told to meanwhile", async () => {
  const { managed, asked, answer } = start();
  for (let times = 0; times < 3; times += 1) managed.refresh();
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(asked()).toBe(1);
  await answer(acme);
  expect(asked()).toBe(2);
  await answer(changed);
  expect(managed.current()).toEqual({ agentName: "Acme 2" });
  await vi.advanceTimersByTimeAsync(3 * MINUTE);
  expect(asked()).toBe(2);
});

test("it asks at once when it is told to, and then waits anew", async () => {
  const { managed, asked, answer } = start();
  await answer(acme);
  await vi.advanceTimersByTimeAsync(3 * MINUTE);
  managed.refresh();
  expect(asked()).toBe(2);
  await answer(acme);
  await vi.advanceTimersByTimeAsync(4 * MINUTE - 1);
  expect(asked()).toBe(2);
});

describe("when there is no answer of use", () => {
  test.each([
    ["the platform is away", async ({ fail }: ReturnType<typeof start>) => fail(away)],
    ["the answer is about something else", async ({ answer }) => answer("I can't do that.")],
    ["something breaks", async ({ fail }) => fail(new TypeError("lxm_secret"))],
  ])("because %s the last good one stays, and the log says so", async (_name, goWrong) => {
    const started = start();
    await started.answer(acme);
    started.managed.refresh();
    await goWrong(started);
    expect(started.managed.current()).toEqual({ agentName: "Acme" });
    expect(started.log.at(-1)).toContain("can't be read");
    expect(started.log.join("")).not.toContain("lxm_secret");
  });

  test("it asks again later and later, at most every hour, and as before once there is one", async () => {
    const { asked, answer, fail } = start();
    await fail(away);
    await vi.advanceTimersByTimeAsync(MINUTE - 1);
    expect(asked()).toBe(1);
    const times: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      const before = Date.now();
      while (asked() === tries + 1) await vi.advanceTimersByTimeAsync(1000);
      times.push(Date.now() - before);
      await fail(away);
    }
    expect(Math.max(...times)).toBeLessThanOrEqual(31 * MINUTE + 1000);
    expect(Math.max(...times)).toBeGreaterThan(5 * MINUTE);
    const count = asked();
    while (asked() === count) await vi.advanceTimersByTimeAsync(1000);
    await answer(acme);
    await vi.advanceTimersByTimeAsync(6 * MINUTE);
    expect(asked()).toBe(count + 2);
  });

  test("of a value that is none the field is left out, and the log names it", async () => {
    const { managed, log, answer } = start();
    await answer('{"agentName":"Acme","primaryColor":"planted blue"}');
    expect(managed.current()).toEqual({ agentName: "Acme" });
    expect(log.join("")).toContain("primaryColor: use a hex colour");
    expect(log.join("")).not.toContain("planted");
  });
});

test("closed, it gives up its question and asks no more", async () => {
  const { managed, asked, signal, fail, log } = start();
  managed.close();
  expect(signal()?.aborted).toBe(true);
  await fail(away);
  managed.refresh();
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect([asked(), log]).toEqual([1, []]);
});

test("it is settled when no question is under way, the one that was asked meanwhile included", async () => {
  const { managed, answer } = start();
  let isSettled = false;
  managed.refresh();
  void managed.settled().then(() => (isSettled = true));
  await answer(acme);
  expect(isSettled).toBe(false);
  await answer(changed);
  expect([isSettled, managed.current()]).toEqual([true, { agentName: "Acme 2" }]);
  await managed.settled();
});
