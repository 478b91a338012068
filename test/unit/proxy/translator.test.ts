import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PlatformEvent } from "../../../proxy/platforms/platform.ts";
import {
  AT,
  chunk,
  complete,
  init,
  saved,
  startTranslator,
  state,
  tell,
  toolResult,
  toolUse,
  translate,
} from "./translating.ts";

const ask = saved("user", "u1", "Hi?");

describe("what only the history has is asked for", () => {
  test.each<[string, PlatformEvent[]]>([
    ["an end without id and text", [complete(null, null)]],
    ["an end without an id, after nothing", [complete(null, "Hello")]],
    ["an end without a text, after nothing", [complete("m1", null)]],
    [
      "an end without an id, after chunks without one",
      [chunk(null, "Hello"), complete(null, null)],
    ],
    ["an end with bytes that were no UTF-8", [complete("m1", "Hel\uFFFDlo")]],
    ["a message with bytes that were no UTF-8", [saved("assistant", "m1", "Hel\uFFFDlo")]],
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

describe("an end that is not sure to be the answer's text", () => {
  test.each<[string, PlatformEvent]>([
    ["without one", complete("m1", null)],
    ["with bytes that were no UTF-8", complete("m1", "Hel\uFFFD")],
  ])("%s, is shown as it was streamed, asked for, and corrected", (_name, end) => {
    const { apply, translator, transcript, asked, events } = startTranslator();
    apply(ask, chunk("m1", "Hel"), end);
    expect(tell(events).at(-1)).toBe("complete m1: Hel");
    expect(asked.incomplete).toBe(1);
    // The history is read from before it.
    expect(transcript.lastId()).toBe("u1");
    translator.addMessage({ id: "m1", role: "assistant", content: "Hello", created_at: AT });

    expect(tell(events).at(-1)).toBe("complete m1: Hello");
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

  test("have names of two hundred characters at most", () => {
    const { apply, events } = startTranslator();
    const name = "x".repeat(1_000_000);
    apply({ type: "tool-use", messageId: "m1", toolUseId: "t1", name, input: null });

    expect(events.map(({ data }) => data)).toMatchObject([{ name: "x".repeat(200) }]);
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
