import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLiveAnswer } from "../../../proxy/relay/answer.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function create(id: string | null = "m1") {
  const pieces: Array<[offset: number, text: string]> = [];
  const onText = (offset: number, text: string): number => pieces.push([offset, text]);
  return { pieces, answer: createLiveAnswer({ id, coalesceMs: 33, onText }) };
}

test("pieces carry the number of UTF-16 units before them", () => {
  const { pieces, answer } = create();
  for (const text of ["a😀", "b", "c"]) answer.add(text);
  answer.flush();

  expect(pieces).toEqual([
    [0, "a😀"],
    [3, "bc"],
  ]);
  expect(answer.text()).toBe("a😀bc");
});

test("its text is what was handed out, not what is still pending", () => {
  const { answer } = create();
  answer.add("a");
  answer.add("b");

  expect(answer.text()).toBe("a");
});

test("without an id it gets a provisional one of its own", () => {
  const [first, second] = [create(null).answer, create(null).answer];

  expect(first.isProvisional).toBe(true);
  expect(first.id).not.toBe(second.id);
  expect(create("m1").answer).toMatchObject({ id: "m1", isProvisional: false });
});

test("muted, it hands out what was pending and nothing after that", () => {
  const { pieces, answer } = create();
  answer.add("a");
  answer.add("b");
  answer.mute();
  answer.add("c");
  vi.runAllTimers();

  expect(pieces).toEqual([
    [0, "a"],
    [1, "b"],
  ]);
  expect([answer.isMuted(), answer.isStopped()]).toEqual([true, false]);
});

test("stopped, it is muted too", () => {
  const { answer } = create();
  answer.add("a");
  answer.stop();
  answer.add("b");
  vi.runAllTimers();

  expect([answer.isMuted(), answer.isStopped(), answer.text()]).toEqual([true, true, "a"]);
});

test("beyond half a million characters it is muted: the history has it whole", () => {
  const { answer } = create();
  answer.add("x".repeat(512 * 1024));
  expect(answer.isMuted()).toBe(false);
  vi.advanceTimersByTime(33);
  answer.add("y");

  expect(answer.isMuted()).toBe(true);
});
