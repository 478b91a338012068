import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PlatformEvent } from "../../../proxy/platforms/platform.ts";
import type { ConversationEvent, EventMap } from "../../../proxy/protocol.ts";
import {
  chunk,
  complete,
  init,
  saved,
  startTranslator,
  state,
  toolResult,
  toolUse,
} from "./translating.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const dataOf = <Name extends "message:chunk" | "message:complete">(
  events: readonly ConversationEvent[],
  name: Name,
): Array<EventMap[Name]> =>
  events.flatMap((event) => (event.event === name ? [event.data as EventMap[Name]] : []));

/** What a page has after these events, put together by offset as the widget does. */
function textOf(events: readonly ConversationEvent[]): string {
  let text = "";
  for (const piece of dataOf(events, "message:chunk")) {
    expect(piece.offset).toBe(text.length);
    expect(piece.text).not.toBe("");
    text += piece.text;
  }
  return text;
}

const pieces = fc.array(
  fc.record({
    text: fc.string({ maxLength: 8, unit: "binary" }),
    pause: fc.integer({ min: 0, max: 50 }),
    tool: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);
const naming = fc.constantFrom("always", "never", "after the first", "another id at the end");
const coalesceMs = fc.constantFrom(0, 10, 33);

test("any split, any joining, any naming: the pieces tile the text and the end has all of it", () => {
  fc.assert(
    fc.property(pieces, naming, coalesceMs, fc.boolean(), (split, how, windowMs, endHasText) => {
      const { apply, events } = startTranslator({ coalesceMs: windowMs });
      const text = split.map((piece) => piece.text).join("");
      const idOf = (index: number): string | null =>
        how === "never" || (how === "after the first" && index === 0) ? null : "m1";

      apply(saved("user", "u1", "Hi?"), state("thinking"));
      split.forEach((piece, index) => {
        if (piece.tool) apply(toolUse(idOf(index), `t${index}`), toolResult(`t${index}`));
        apply(chunk(idOf(index), piece.text));
        vi.advanceTimersByTime(piece.pause);
      });
      const endId = how === "another id at the end" ? "m2" : "m1";
      apply(complete(endId, endHasText ? text : null), state("idle"));

      expect(textOf(events)).toBe(text);
      const ends = dataOf(events, "message:complete");
      expect(ends.map(({ message }) => message)).toMatchObject([{ id: endId, content: text }]);
      // The page finds the bubble that the pieces went into.
      const bubbles = new Set(dataOf(events, "message:chunk").map(({ messageId }) => messageId));
      expect([...bubbles].every((id) => id === (ends[0]?.provisionalId ?? endId))).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test("a stop at any point keeps exactly what was shown, in the stream and in the history", () => {
  fc.assert(
    fc.property(pieces, fc.nat(12), coalesceMs, (split, stopAt, windowMs) => {
      const { apply, events, translator, transcript } = startTranslator({ coalesceMs: windowMs });
      const text = split.map((piece) => piece.text).join("");
      apply(state("thinking"));
      split.forEach((piece, index) => {
        if (index === Math.min(stopAt, split.length - 1)) translator.stop();
        apply(chunk("m1", piece.text));
        vi.advanceTimersByTime(piece.pause);
      });
      apply(complete("m1", text), state("idle"));

      const shown = textOf(events);
      const last = dataOf(events, "message:complete").at(-1);
      const whole = { id: "m1", role: "assistant", content: text, created_at: "" } as const;
      expect(last).toMatchObject({ stopped: true, message: { content: shown } });
      expect(text.startsWith(shown)).toBe(true);
      expect(transcript.applyCuts([whole]).map(({ content }) => content)).toEqual(
        shown === "" ? [] : [shown],
      );
    }),
    { numRuns: 200 },
  );
});

const anyId = fc.constantFrom("m1", "m2", "u1", null);
const anyText = fc.constantFrom("", "a", "bc", null);
const anyRole = fc.constantFrom("user", "assistant", null);
const anyState = fc.constantFrom("thinking", "responding", "idle");
const anyEvent: fc.Arbitrary<PlatformEvent> = fc.oneof(
  anyState.map(state),
  anyState.map(init),
  fc.tuple(anyId, fc.constantFrom("a", "bc")).map(([id, text]) => chunk(id, text)),
  fc.tuple(anyId, anyText, anyRole).map(([id, text, role]) => complete(id, text, role)),
  fc.tuple(anyRole, anyId, anyText).map(([role, id, text]) => saved(role, id, text)),
  fc.tuple(anyId, anyId).map(([id, toolUseId]) => toolUse(id, toolUseId)),
  anyId.map((id) => toolResult(id)),
);

test("whatever a platform tells, a message is new once, and told again only with another text", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 25 }), (given) => {
      const { apply, events } = startTranslator({ coalesceMs: 10 });
      apply(...given);
      vi.runAllTimers();
      const shown = new Map<string, string>();
      for (const { event, data } of events) {
        if (event !== "message:new" && event !== "message:complete") continue;
        const { id, content } = data.message;
        if (event === "message:new") expect(shown.has(id)).toBe(false);
        expect(shown.get(id)).not.toBe(content);
        shown.set(id, content);
      }
    }),
    { numRuns: 500 },
  );
});
