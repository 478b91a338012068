import { describe, expect, test } from "vitest";
import { createTelling } from "../../../../proxy/cli/telling.ts";
import type { PlatformEvent } from "../../../../proxy/platforms/platform.ts";

const chunk = (text: string, messageId: string | null = "a"): PlatformEvent => ({
  type: "chunk",
  messageId,
  text,
});

const complete = (content: string | null, id: string | null = "a"): PlatformEvent => ({
  type: "complete",
  message: { id, role: "assistant", content, createdAt: null },
});

/** What is told of these events, and of the history after them. */
function tell(events: readonly PlatformEvent[], history: readonly string[] = []) {
  let told = "";
  const telling = createTelling((text) => (told += text));
  for (const event of events) telling.apply(event);
  const isWhole = telling.isWhole();
  telling.complete(history);
  return { told, isWhole, text: telling.text() };
}

describe("an answer", () => {
  test.each<[string, PlatformEvent[], string[]]>([
    ["by chunks and an end", [chunk("One "), chunk("two"), complete("One two")], []],
    ["by chunks without ids", [chunk("One ", null), chunk("two", null), complete("One two")], []],
    ["by an end alone", [complete("One two")], []],
    ["by an end that says it twice", [complete("One two"), complete("One two")], []],
    ["by chunks and an end without a text", [chunk("One "), chunk("two"), complete(null)], []],
    ["by chunks of which the last are missing", [chunk("One "), complete("One two")], []],
    ["by the history alone", [], ["One two"]],
    ["by chunks and the history", [chunk("One ")], ["One two"]],
    ["by all of them", [chunk("One "), chunk("two"), complete("One two")], ["One two"]],
    ["with a history that trims it", [chunk("One two"), complete("One two")], ["One two\n"]],
  ])("%s is told once", (_, events, history) => {
    expect(tell(events, history)).toMatchObject({ told: "One two", text: "One two" });
  });

  test("of several messages has a blank line between them", () => {
    const events = [chunk("One", "a"), complete("One", "a"), chunk("two", "b")];
    expect(tell(events, ["One", "two!"]).told).toBe("One\n\ntwo!");
  });

  test("that the platform has changed is told anew", () => {
    const { told, text } = tell([chunk("Oen "), complete("One two")]);
    expect(told).toBe("Oen \n\nOne two");
    expect(text).toBe("One two");
  });

  test("is whole when each message has its end", () => {
    expect(tell([]).isWhole).toBe(false);
    expect(tell([chunk("One")]).isWhole).toBe(false);
    expect(tell([chunk("One"), complete("One")]).isWhole).toBe(true);
    expect(tell([chunk("One"), complete("One"), chunk("two", "b")]).isWhole).toBe(false);
  });

  test("has nothing of what the user said", () => {
    const message = { id: "q", role: "user" as const, content: "Question", createdAt: null };
    expect(tell([{ type: "complete", message }]).told).toBe("");
  });
});
