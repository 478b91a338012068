import { describe, expect, test } from "vitest";
import { converse } from "./agent.ts";

describe("small talk", () => {
  test.each([
    ["Hi!", "Hello!"],
    ["good morning", "Hello!"],
    ["Hello, is anyone there?", "Hello!"],
    ["anybody here??", "Hello!"],
    ["Hello, how are you?", "Very well"],
    ["thanks a lot", "You're welcome"],
    ["ok great, thank you!", "You're welcome"],
    ["perfect", "anything else"],
    ["Bye!", "Goodbye"],
    ["Who are you?", "not a person"],
    ["Are you a bot?", "not a person"],
    ["What can you do?", "beans and subscriptions"],
    ["that didn't help", "sorry"],
  ])("%s gets a short reply without a search", async (message, expected) => {
    const { text, steps } = await converse(message);

    expect(text).toContain(expected);
    expect(steps.some((step) => step.type === "tool_use")).toBe(false);
  });

  test("before a question does not hide the question", async () => {
    expect((await converse("Hello, is shipping free?")).text).toContain("€49");
  });
});
