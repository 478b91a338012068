import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PlatformEvent } from "../../../proxy/platforms/platform.ts";
import type { ConversationEvent } from "../../../proxy/protocol.ts";
import {
  AT,
  chunk,
  complete,
  init,
  saved,
  startTranslator,
  state,
  told,
  toolResult,
  toolUse,
} from "./translating.ts";

/** Ids that the proxy made up are random: they are called P1, P2 … in the order they appear. */
function tell(events: readonly ConversationEvent[]): string[] {
  const uuid = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
  const found = [...new Set(JSON.stringify(events).match(uuid) ?? [])];
  return told(events, Object.fromEntries(found.map((id, index) => [id, `P${index + 1}`])));
}

function translate(...all: PlatformEvent[]): string[] {
  const { apply, events } = startTranslator();
  apply(...all);
  return tell(events);
}

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
    "told again while the next has no id yet": [
      [
        complete("m1", "One"),
        toolUse(null, "t1"),
        complete("m1", "One"),
        chunk(null, "Two"),
        complete("m2", "Two"),
      ],
      [
        "complete m1: One",
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

describe("what only the history has is asked for", () => {
  test.each<[string, PlatformEvent[]]>([
    ["an end without id and text", [complete(null, null)]],
    ["an end without an id, after nothing", [complete(null, "Hello")]],
    ["an end without a text, after nothing", [complete("m1", null)]],
    [
      "an end without an id, after chunks without one",
      [chunk(null, "Hello"), complete(null, null)],
    ],
    ["a user's message without a text", [saved("user", "u1", null)]],
    ["a message without an id", [saved("assistant", null, "Hello")]],
    ["a message of nobody", [saved(null, "x1", "Hello")]],
    ["a second answer before the first one's end", [chunk("m1", "One"), chunk("m2", "Two")]],
  ])("%s", (_name, given) => {
    const { apply, asked, events } = startTranslator();
    apply(...given);

    expect(asked.incomplete).toBe(1);
    expect(tell(events).filter((line) => /^(complete|new)/.test(line))).toEqual([]);
  });

  test("an answer without an id is still there to be ended from the history", () => {
    const { apply, translator, events } = startTranslator();
    apply(chunk(null, "Hello"), complete(null, null));
    translator.endAnswer({ id: "m1", role: "assistant", content: "Hello", created_at: AT });

    expect(tell(events).at(-1)).toBe("complete m1 was P1: Hello");
  });
});

describe("messages", () => {
  test("of the user are shown once", () => {
    expect(translate(ask, ask)).toEqual(["new user u1: Hi?"]);
  });

  test("of the user end no answer, even if they come as complete", () => {
    expect(translate(complete("u1", "Hi?", "user"), chunk("m1", "He"))).toEqual([
      "new user u1: Hi?",
      "responding",
      "chunk m1 0 He",
    ]);
  });

  test("that the proxy sent itself carry the sender's key", () => {
    const { translator, events } = startTranslator();
    const message = { id: "u1", role: "user", content: "Hi?", created_at: AT } as const;
    translator.addMessage(message, "key-1");
    translator.addMessage({ ...message, id: "u2" });

    expect(events).toEqual([
      { event: "message:new", data: { message, key: "key-1" } },
      { event: "message:new", data: { message: { ...message, id: "u2" } } },
    ]);
  });

  test("that the proxy sent without learning their id are not shown again", () => {
    const { apply, transcript, events } = startTranslator();
    transcript.addUnnamed("Hi?");
    apply(ask, saved("user", "u2", "Hi?"));

    expect(tell(events)).toEqual(["new user u2: Hi?"]);
    expect(transcript.has("u1")).toBe(true);
  });

  test("that Lex wrote of its own accord are new, and end the waiting", () => {
    const { apply, events, asked, transcript } = startTranslator();
    apply(saved("assistant", "m1", "Good morning!"));

    expect(tell(events)).toEqual(["new assistant m1: Good morning!"]);
    expect(asked.answered).toBe(1);
    expect(transcript.lastId()).toBe("m1");
  });
});

describe("tools", () => {
  const both = [toolUse("m1", "t1"), toolResult("t1")];

  test("keep their input and result to themselves", () => {
    const { apply, events } = startTranslator();
    apply(...both);

    expect(JSON.stringify(events)).not.toContain("secret");
  });

  test("show them only when that was asked for", () => {
    const { apply, events } = startTranslator({ toolDetails: true });
    apply(...both);

    expect(events.map(({ data }) => data)).toMatchObject([
      { input: { query: "secret" } },
      { result: "secret" },
    ]);
  });

  test("without ids are matched by their order", () => {
    expect(translate(toolUse("m1", null), toolResult(null))).toEqual([
      "tool P1 of m1",
      "result of P1: true",
    ]);
  });
});

describe("states", () => {
  test("are told when they change", () => {
    expect(
      translate(state("thinking"), state("thinking"), init("thinking"), state("idle")),
    ).toEqual(["thinking", "idle"]);
  });

  test("every idle is told inside, so that a missing end is noticed", () => {
    const { apply, asked } = startTranslator();
    apply(state("idle"), init("idle"), init(null));

    expect(asked.idle).toBe(2);
  });
});

describe("with chunks joined", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test.each<[string, PlatformEvent, string]>([
    ["a tool", toolUse("m1", "t1"), "tool t1 of m1"],
    ["a state", state("thinking"), "thinking"],
    ["the end", complete("m1", "Hello"), "complete m1: Hello"],
  ])("%s comes after the text before it", (_name, event, line) => {
    const { apply, events } = startTranslator({ coalesceMs: 33 });
    apply(chunk("m1", "He"), chunk("m1", "l"), chunk("m1", "lo"), event);

    expect(tell(events)).toEqual(["responding", "chunk m1 0 He", "chunk m1 2 llo", line]);
  });

  test("nothing is handed out after the end", () => {
    const { apply, events } = startTranslator({ coalesceMs: 33 });
    apply(chunk("m1", "He"), chunk("m1", "llo"), complete("m1", "Hello"));
    const count = events.length;
    vi.runAllTimers();

    expect(events).toHaveLength(count);
    expect(vi.getTimerCount()).toBe(0);
  });
});
