import { describe, expect, test } from "vitest";
import {
  isAvoided,
  parseBusinessRules,
  polish,
  withMentions,
} from "../../../demo/platform/agent/business-rules.ts";

describe("a topic that a rule forbids", () => {
  test.each([
    ["Don't talk about competitors.", "Is your competitor cheaper?", true],
    ["Never give medical advice.", "Do you have medical advice on caffeine?", true],
    ["The agent never discusses politics", "What do you think of politics?", true],
    ["Never discuss prices of other hotels.", "What are the prices of other hotels?", true],
    ["Never discuss prices of other hotels.", "What are your prices?", false],
    ["Never promise a delivery date.", "When is the delivery date?", false],
    ["Don't talk about competitors.", "Is shipping free?", false],
  ])("%s - %s: %s", (rule, message, expected) => {
    expect(isAvoided(message, parseBusinessRules([rule]))).toBe(expected);
  });
});

test("what is always to be mentioned is added once", () => {
  const guidance = parseBusinessRules(["Always mention free shipping over €50."]);
  const answer = withMentions("It costs €9.", guidance);

  expect(answer).toBe("It costs €9.\n\nGood to know: free shipping over €50.");
  expect(withMentions(answer, guidance)).toBe(answer);
});

test.each([
  ["Never use emojis.", "Hello 👋 there ❤️!", "Hello there!"],
  ["Don't use exclamation marks", "Hello!! Yes!", "Hello. Yes."],
  ["You may use emojis.", "Hello 👋", "Hello 👋"],
])("%s makes %s %s", (rule, text, expected) => {
  expect(polish(text, parseBusinessRules([rule]))).toBe(expected);
});

test.each([
  ["We don't offer refunds on sale items", true],
  ["Breakfast is included on weekdays.", true],
  ["Always answer in a friendly tone.", false],
  ["Never promise a delivery date.", false],
  ["Ask for the order number first.", false],
  ["The agent must not give tax advice.", false],
])("%s answers questions itself: %s", (rule, expected) => {
  expect(parseBusinessRules([rule]).facts).toEqual(expected ? [rule] : []);
});
