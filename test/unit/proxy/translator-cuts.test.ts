/** Answers that do not run through: stopped, interrupted, joined in the middle, given up. */
import { describe, expect, test } from "vitest";
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

function start(...given: Parameters<ReturnType<typeof startTranslator>["apply"]>) {
  const started = startTranslator();
  started.apply(...given);
  started.events.length = 0;
  return started;
}

describe("stopped", () => {
  test("while it is written, an answer ends with what was shown, and nothing more comes", () => {
    const { translator, events, apply, transcript } = start(state("thinking"), chunk("m1", "One"));

    expect(translator.stop()).toBe(true);
    apply(chunk("m1", " two"), toolUse("m1", "t1"), toolResult("t1"), complete("m1", "One two"));
    apply(saved("assistant", "m1", "One two"), state("idle"));

    expect(told(events)).toEqual(["complete m1 stopped: One", "idle", "idle"]);
    const whole = { id: "m1", role: "assistant", content: "One two", created_at: AT } as const;
    expect(transcript.applyCuts([whole])).toEqual([{ ...whole, content: "One" }]);
  });

  test("while the agent thinks, the answer is never shown", () => {
    const { translator, events, apply, transcript } = start(state("thinking"));
    translator.stop();
    const provisional = translator.answer()?.id ?? "";
    apply(state("responding"), chunk("m1", "One"), complete("m1", "One"));

    expect(told(events, { [provisional]: "P" })).toEqual([
      "complete P stopped: ",
      "idle",
      "complete m1 was P stopped: ",
    ]);
    const whole = { id: "m1", role: "assistant", content: "One", created_at: AT } as const;
    expect(transcript.applyCuts([whole])).toEqual([]);
  });

  test("twice, it is stopped once", () => {
    const { translator, events } = start(chunk("m1", "One"));

    expect([translator.stop(), translator.stop()]).toEqual([true, false]);
    expect(told(events)).toEqual(["complete m1 stopped: One", "idle"]);
  });

  test("it is over for its visitors, though the platform still writes", () => {
    const { translator, apply } = start(state("thinking"), chunk("m1", "One"));
    translator.stop();
    apply(chunk("m1", " two"));

    expect(translator.state()).toBe("idle");
    expect(translator.partial()).toBeNull();
  });

  test("the pending text is shown before the end", () => {
    const { translator, events, apply } = startTranslator({ coalesceMs: 33 });
    apply(chunk("m1", "One"), chunk("m1", " two"));
    translator.stop();

    expect(told(events).slice(-3)).toEqual([
      "chunk m1 3  two",
      "complete m1 stopped: One two",
      "idle",
    ]);
  });

  test("and ended by the platform, it leaves the next answer alone", () => {
    const { translator, events, apply } = start(chunk("m1", "One"));
    translator.stop();
    apply(complete("m1", "One two"), state("idle"));
    events.length = 0;
    apply(state("thinking"), chunk("m2", "Two"), complete("m2", "Two"));

    expect(told(events)).toEqual(["thinking", "responding", "chunk m2 0 Two", "complete m2: Two"]);
  });

  test("and never ended by the platform, it is closed without a word", () => {
    const { translator, events, apply } = start(state("thinking"));
    translator.stop();
    translator.dropAnswer();
    events.length = 0;
    apply(state("idle"), state("thinking"), chunk("m2", "Two"), complete("m2", "Two"));

    expect(told(events)).toEqual([
      "idle",
      "thinking",
      "responding",
      "chunk m2 0 Two",
      "complete m2: Two",
    ]);
  });
});

test("a stopped answer that was closed does not come back when its end is told late", () => {
  const { translator, events, apply } = start(chunk("m1", "One"));
  translator.stop();
  translator.dropAnswer();
  apply(complete("m1", "One two"));

  expect(told(events)).toEqual(["complete m1 stopped: One", "idle"]);
});

describe("interrupted", () => {
  test("in the middle, an answer shows no more until its end is known", () => {
    const { translator, events, apply } = start(chunk("m1", "One"));
    translator.interrupt();
    apply(init("responding"), chunk("m1", " three"), complete("m1", "One two three"));

    expect(told(events)).toEqual(["complete m1: One two three"]);
  });

  test("and ended without a text, its text has to come from the history", () => {
    const { translator, events, apply, asked } = start(chunk("m1", "One"));
    translator.interrupt();
    apply(init("responding"), complete("m1", null));
    expect(asked.incomplete).toBe(1);

    translator.endAnswer({ id: "m1", role: "assistant", content: "One two", created_at: AT });
    expect(told(events)).toEqual(["complete m1: One two"]);
  });

  test("while the agent thought, what it has begun since is not shown in pieces", () => {
    const { translator, events, apply } = start(state("thinking"));
    translator.interrupt();
    apply(init("responding"), chunk("m1", "middle"), complete("m1", "all of it"));

    expect(told(events)).toEqual(["responding", "complete m1: all of it"]);
  });

  test("and idle when the stream is back, it does not hide the next answer", () => {
    const { translator, events, apply } = start(state("thinking"));
    translator.interrupt();
    apply(init("idle"), state("thinking"), chunk("m2", "Two"));

    expect(told(events)).toEqual(["idle", "thinking", "responding", "chunk m2 0 Two"]);
  });

  test("while nothing was going on, it changes nothing", () => {
    const { translator, events, apply } = start();
    translator.interrupt();
    apply(init("idle"), chunk("m1", "One"));

    expect(told(events)).toEqual(["responding", "chunk m1 0 One"]);
  });
});

describe("joined in the middle of an answer", () => {
  test("its pieces are not shown, its end is, and the next answer is whole", () => {
    const { events, apply } = start();
    apply(init("responding"), chunk("m1", "middle"), complete("m1", "all of it"), state("idle"));
    apply(chunk("m2", "Two"));

    expect(told(events)).toEqual([
      "responding",
      "complete m1: all of it",
      "idle",
      "responding",
      "chunk m2 0 Two",
    ]);
  });

  test("before its first piece, all of it is shown", () => {
    const { events, apply } = start();
    apply(init("thinking"), chunk("m1", "One"));

    expect(told(events)).toEqual(["thinking", "responding", "chunk m1 0 One"]);
  });
});

describe("given up", () => {
  test("an answer is dropped without a word", () => {
    const { translator, events, transcript } = start(
      saved("user", "u1", "Hi?"),
      chunk("m1", "One"),
    );
    translator.dropAnswer();

    expect(told(events)).toEqual([]);
    expect(translator.answer()).toBeNull();
    // `messages?since` goes on from an id that the platform knows.
    expect(transcript.lastId()).toBe("u1");
  });

  test("its late end is shown all the same", () => {
    const { translator, events, apply } = start(chunk("m1", "One"));
    translator.dropAnswer();
    apply(complete("m1", "One two"));

    expect(told(events)).toEqual(["complete m1: One two"]);
  });

  test("a text that was held back to be joined is shown before", () => {
    const { translator, apply, events } = startTranslator({ coalesceMs: 33 });
    apply(chunk("m1", "One"), chunk("m1", " two"));
    translator.dropAnswer();

    expect(told(events)).toEqual(["responding", "chunk m1 0 One", "chunk m1 3  two"]);
  });
});

test("a snapshot of an answer under way has its id and the text shown so far", () => {
  const { translator, apply } = startTranslator({ coalesceMs: 33 });
  expect(translator.partial()).toBeNull();
  apply(chunk("m1", "One"), chunk("m1", " pending"));
  expect(translator.partial()).toEqual({ messageId: "m1", text: "One" });
  apply(complete("m1", "One pending"));

  expect(translator.partial()).toBeNull();
});
