import { describe, expect, test } from "vitest";
import type { PlatformEvent } from "../../../proxy/platforms/platform.ts";
import { chunk, complete, saved, state, toolResult, toolUse, translate } from "./translating.ts";

const ask = saved("user", "u1", "Hi?");

describe("an answer, in whatever order it is told", () => {
  const cases: Record<string, [PlatformEvent[], string[]]> = {
    "as documented": [
      [
        ask,
        state("thinking"),
        state("responding"),
        chunk("m1", "He"),
        chunk("m1", "llo"),
        complete("m1", "Hello"),
        state("idle"),
      ],
      [
        "new user u1: Hi?",
        "thinking",
        "responding",
        "chunk m1 0 He",
        "chunk m1 2 llo",
        "complete m1: Hello",
        "idle",
      ],
    ],
    "without any states": [
      [chunk("m1", "He"), complete("m1", "Hello")],
      ["responding", "chunk m1 0 He", "complete m1: Hello"],
    ],
    "without chunks": [
      [state("thinking"), complete("m1", "Hello"), state("idle")],
      ["thinking", "complete m1: Hello", "idle"],
    ],
    "announced without a text": [
      [saved("assistant", "m1", null), chunk("m1", "He"), complete("m1", "Hello")],
      ["responding", "chunk m1 0 He", "complete m1: Hello"],
    ],
    "announced with an empty text": [
      [saved("assistant", "m1", ""), chunk(null, "He"), complete("m1", "Hello")],
      ["responding", "chunk m1 0 He", "complete m1: Hello"],
    ],
    "saved before its end is told": [
      [chunk("m1", "Hello"), saved("assistant", "m1", "Hello"), complete("m1", "Hello")],
      ["responding", "chunk m1 0 Hello", "complete m1: Hello"],
    ],
    "saved after its end was told": [
      [chunk("m1", "Hello"), complete("m1", "Hello"), saved("assistant", "m1", "Hello")],
      ["responding", "chunk m1 0 Hello", "complete m1: Hello"],
    ],
    "saved whole and never streamed": [
      [
        state("thinking"),
        saved("assistant", "m1", "Hello"),
        complete("m1", "Hello"),
        state("idle"),
      ],
      ["thinking", "new assistant m1: Hello", "idle"],
    ],
    "ended twice": [
      [chunk("m1", "Hello"), complete("m1", "Hello"), complete("m1", "Hello")],
      ["responding", "chunk m1 0 Hello", "complete m1: Hello"],
    ],
    "idle before its end": [
      [chunk("m1", "Hello"), state("idle"), complete("m1", "Hello")],
      ["responding", "chunk m1 0 Hello", "idle", "complete m1: Hello"],
    ],
    "with a late chunk after its end": [
      [chunk("m1", "Hello"), complete("m1", "Hello"), chunk("m1", "!")],
      ["responding", "chunk m1 0 Hello", "complete m1: Hello"],
    ],
    "ended without a text: what was streamed is it": [
      [chunk("m1", "He"), chunk("m1", "llo"), complete("m1", null)],
      ["responding", "chunk m1 0 He", "chunk m1 2 llo", "complete m1: Hello"],
    ],
    "ended without an id: the chunks had it": [
      [chunk("m1", "He"), complete(null, "Hello")],
      ["responding", "chunk m1 0 He", "complete m1: Hello"],
    ],
    "named only at its end": [
      [chunk(null, "He"), chunk(null, "llo"), complete("m1", "Hello")],
      ["responding", "chunk P1 0 He", "chunk P1 2 llo", "complete m1 was P1: Hello"],
    ],
    "named in the middle": [
      [chunk(null, "He"), chunk("m1", "llo"), complete("m1", "Hello")],
      ["responding", "chunk P1 0 He", "chunk P1 2 llo", "complete m1 was P1: Hello"],
    ],
    "named anew at its end": [
      [chunk("temporary", "Hello"), complete("m1", "Hello")],
      ["responding", "chunk temporary 0 Hello", "complete m1 was temporary: Hello"],
    ],
    "corrected at its end": [
      [chunk("m1", "Hallo"), complete("m1", "Hello")],
      ["responding", "chunk m1 0 Hallo", "complete m1: Hello"],
    ],
    empty: [
      [state("thinking"), complete("m1", ""), state("idle")],
      ["thinking", "complete m1: ", "idle"],
    ],
    "with a tool before its text": [
      [
        state("thinking"),
        toolUse(null, "t1"),
        toolResult("t1"),
        chunk("m1", "Hi"),
        complete("m1", "Hi"),
      ],
      [
        "thinking",
        "tool t1 of P1",
        "result of t1: true",
        "responding",
        "chunk P1 0 Hi",
        "complete m1 was P1: Hi",
      ],
    ],
    "with a tool that names it": [
      [toolUse("m1", "t1"), toolResult("t1", false), chunk("m1", "Hi"), complete("m1", "Hi")],
      ["tool t1 of m1", "result of t1: false", "responding", "chunk m1 0 Hi", "complete m1: Hi"],
    ],
    "with a tool in the middle": [
      [
        chunk("m1", "Let me see."),
        toolUse("m1", "t1"),
        toolResult("t1"),
        chunk("m1", " Yes."),
        complete("m1", "Let me see. Yes."),
      ],
      [
        "responding",
        "chunk m1 0 Let me see.",
        "tool t1 of m1",
        "result of t1: true",
        "chunk m1 11  Yes.",
        "complete m1: Let me see. Yes.",
      ],
    ],
    "told again while the next is written": [
      [
        chunk("m1", "One"),
        complete("m1", "One"),
        chunk("m2", "Tw"),
        complete("m1", "One"),
        chunk("m1", "e"),
        chunk("m2", "o"),
        complete("m2", "Two"),
      ],
      [
        "responding",
        "chunk m1 0 One",
        "complete m1: One",
        "chunk m2 0 Tw",
        "chunk m2 2 o",
        "complete m2: Two",
      ],
    ],
    "followed by late pieces without an id": [
      [chunk("m1", "One"), complete("m1", "One"), chunk(null, "e"), toolUse(null, "t1")],
      ["responding", "chunk m1 0 One", "complete m1: One"],
    ],
    "followed by late pieces that name it": [
      [chunk("m1", "One"), complete("m1", "One"), chunk("m1", "e"), toolUse("m1", "t1")],
      ["responding", "chunk m1 0 One", "complete m1: One"],
    ],
    "ended with another text the second time": [
      [complete("m1", "On"), complete("m1", "One"), complete("m1", "One")],
      ["complete m1: On", "complete m1: One"],
    ],
    "corrected while the next is written": [
      [complete("m1", "On"), chunk("m2", "Two"), complete("m1", "One"), complete("m2", "Two")],
      ["complete m1: On", "responding", "chunk m2 0 Two", "complete m1: One", "complete m2: Two"],
    ],
    "told again while the next has no id yet": [
      [
        complete("m1", "One"),
        saved("user", "u2", "And?"),
        toolUse(null, "t1"),
        complete("m1", "One"),
        chunk(null, "Two"),
        complete("m2", "Two"),
      ],
      [
        "complete m1: One",
        "new user u2: And?",
        "tool t1 of P1",
        "responding",
        "chunk P1 0 Two",
        "complete m2 was P1: Two",
      ],
    ],
  };

  test.each(Object.entries(cases))("%s", (_name, [given, expected]) => {
    expect(translate(...given)).toEqual(expected);
  });
});
