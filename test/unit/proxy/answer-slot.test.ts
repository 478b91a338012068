import { describe, expect, test } from "vitest";
import { createAnswerSlot } from "../../../proxy/relay/answer-slot.ts";

function open() {
  const told: string[] = [];
  const answers = createAnswerSlot({
    coalesceMs: 0,
    onText: (messageId, offset, text) => told.push(`${messageId} ${offset} ${text}`),
    onOverlap: () => told.push("overlap"),
  });
  return { answers, told };
}

describe("the answer under way", () => {
  test("is begun by the first event of it, and goes on with those without an id", () => {
    const { answers, told } = open();
    expect(answers.current()).toBeNull();
    answers.of("m1").add("Our ");
    answers.of(null).add("coffee");
    expect(told).toEqual(["m1 0 Our ", "m1 4 coffee"]);
  });

  test("takes the id that comes later for its own, when it had none", () => {
    const { answers } = open();
    const begun = answers.of(null);
    expect(answers.of("m1")).toBe(begun);
  });

  test("gives way to another one, which is told", () => {
    const { answers, told } = open();
    answers.of("m1");
    expect(answers.of("m2").id).toBe("m2");
    expect(told).toEqual(["overlap"]);
  });

  test("that another proxy has begun keeps what was shown, and takes any id", () => {
    const { answers, told } = open();
    const resumed = answers.resume("m1", "Our ");
    expect([resumed.text(), answers.of("m2")]).toEqual(["Our ", resumed]);
    expect(told).toEqual([]);
  });

  test("is none once it is taken out, and then its beginning is not missed any more", () => {
    const { answers } = open();
    const begun = answers.of("m1");
    answers.missBeginning(true);
    expect(answers.take(true)).toBe(begun);
    expect([answers.current(), answers.hasMissedBeginning()]).toEqual([null, false]);
  });
});

describe("what comes without an id", () => {
  test.each<[string, (answers: ReturnType<typeof open>["answers"]) => void, boolean]>([
    ["is not late before any answer", () => undefined, false],
    ["is late after an answer's end", (answers) => answers.take(true), true],
    ["is not late after one that was given up", (answers) => answers.take(false), false],
    [
      "stays late when a given up answer follows an end",
      (answers) => [answers.take(true), answers.take(false)],
      true,
    ],
    [
      "is not late once something new begins",
      (answers) => [answers.take(true), answers.reopen()],
      false,
    ],
    [
      "is not late while an answer is under way",
      (answers) => [answers.take(true), answers.of("m2")],
      false,
    ],
  ])("%s", (_name, act, isLate) => {
    const { answers } = open();
    act(answers);
    expect(answers.isLate(null)).toBe(isLate);
    expect(answers.isLate("m1")).toBe(false);
  });
});
