import { describe, expect, test } from "vitest";
import { findEscalation } from "../../../demo/platform/agent/escalation/escalation.ts";
import { isFrustrated } from "../../../demo/platform/agent/escalation/frustration.ts";
import { KNOWN, UNKNOWN } from "./questions.ts";

const DOCUMENT =
  "Always escalate if a customer mentions billing disputes, refund requests over $100, or legal issues.";

const isEscalated = (rule: string, content: string) =>
  findEscalation([{ role: "user", content }], [rule]) !== undefined;

describe("a message that a rule is about is escalated", () => {
  test.each([
    [DOCUMENT, "I was charged twice and want to dispute it"],
    [DOCUMENT, "There's a wrong charge on my bill"],
    [DOCUMENT, "I'd like a refund of $150"],
    [DOCUMENT, "Can I get my money back? I paid €1,250.50"],
    [DOCUMENT, "refund me 101 dollars"],
    [DOCUMENT, "I want a refund of 1.2k"],
    [DOCUMENT, "You will hear from my lawyer"],
    [DOCUMENT, "I'm going to take legal action"],
    [DOCUMENT, "I'll see you in court."],
    ["Escalate when somebody asks for a discount above 20%.", "Would you give me a 25% discount?"],
    ["If a customer is angry or threatens to sue us, hand them over to a human.", "I will sue you"],
    [
      "Any complaint about allergic reactions should go straight to a person.",
      "I had an allergic reaction",
    ],
    ["Orders over £500", "I'd like to place an order of £620"],
    [
      "Forward legal questions to our team, and pass on anyone who wants a refund over $250.",
      "I need a refund of $251",
    ],
    ["Escalate orders of 10 kg or more", "My order is for 12 kg"],
    ["Hand over wholesale enquiries", "Do you do wholesale?"],
    ["Escalate anything over $1,000", "It would be about $1,500 in all"],
    ["Escalate refunds of $100 or more", "a refund of $100 please"],
  ])("%s - %s", (rule, message) => {
    expect(isEscalated(rule, message)).toBe(true);
  });
});

describe("a message that it is not about is not", () => {
  test.each([
    [DOCUMENT, "I'd like a refund of $100"],
    [DOCUMENT, "Can I get a refund of $99.99?"],
    [DOCUMENT, "How long does a refund take?"],
    [DOCUMENT, "I want a refund for order 4711"],
    [DOCUMENT, "Can I get a refund within 200 days?"],
    [DOCUMENT, "How do I change my billing address?"],
    [DOCUMENT, "Which payment methods do you take?"],
    [DOCUMENT, "I have an issue with my grinder"],
    [DOCUMENT, "The kettle costs $250, does it come in black?"],
    [DOCUMENT, "How do I return something?"],
    ["Escalate when somebody asks for a discount above 20%.", "Is there a 10% discount?"],
    ["Escalate when somebody asks for a discount above 20%.", "Do you have discounts over $30?"],
    ["Orders over £500", "I'd like to order for £40"],
    [
      "Any complaint about allergic reactions should go straight to a person.",
      "I have a complaint",
    ],
    ["Hand over wholesale enquiries", "I have an enquiry about shipping"],
    ["Escalate anything over $1,000", "It costs $999"],
    ["Escalate orders of 10 kg or more", "My order is for 9 kg"],
    ["Escalate orders of 10 kg or more", "Tell me more about your order process"],
    ["Escalate orders of 10 kg or more", "I order for $20"],
    ["Escalate refunds of $1,250.50 or more", "a refund of $1,250"],
    ["If the customer wants to speak to a manager, escalate", "Hello"],
  ])("%s - %s", (rule, message) => {
    expect(isEscalated(rule, message)).toBe(false);
  });
});

describe("lost patience", () => {
  test.each([
    "This is ridiculous, I've been waiting for three weeks",
    "I'm really frustrated with this",
    "You are useless",
    "worst customer service ever",
    "I have asked you this three times!",
    "why can't you just answer my question",
    "THIS IS THE LAST TIME I ORDER HERE!!",
    "I'm fed up.",
    "What a complete waste of time",
    "I've had enough of this",
    "that's so frustrating",
    "your support is a joke",
  ])("is heard in: %s", (message) => {
    expect(isFrustrated(message)).toBe(true);
  });

  test.each([
    "My coffee tastes terrible, what can I do?",
    "I'm not angry, just curious",
    "Which is the worst grind for espresso?",
    "How many times can I reuse a filter?",
    "The grinder is making an awful noise",
    "WHERE IS MY ORDER",
    "I don't understand the manual",
    "It doesn't work",
    "Is the box a waste of space?",
    "I have asked my wife and she likes the sand one",
    "Can you help me for the second time?",
    "I would never buy instant coffee!",
    "DHL or UPS, and do you ship to the USA?",
  ])("is not heard in: %s", (message) => {
    expect(isFrustrated(message)).toBe(false);
  });
});

test.each([...KNOWN.map(([question]) => question), ...UNKNOWN])(
  "an everyday question is not escalated: %s",
  (question) => {
    expect(isEscalated(DOCUMENT, question)).toBe(false);
  },
);

test("the reason names the rule", () => {
  expect(findEscalation([{ role: "user", content: "my lawyer says" }], [DOCUMENT])?.reason).toBe(
    `By the rule: ${DOCUMENT}`,
  );
});
