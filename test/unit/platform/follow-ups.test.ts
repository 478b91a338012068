import { describe, expect, test } from "vitest";
import { HANDOVER_OFFER } from "../../../demo/platform/agent/phrases.ts";
import { converse } from "./agent.ts";

const ESCALATE = { type: "escalate", reason: "The customer asked for a person" };

/** Questions in a row, and what only the right answer to the last one holds. */
const CONVERSATIONS: [expected: string, ...questions: string[]][] = [
  ["€129", "Tell me about the hand grinder", "and how much is it?"],
  ["**black** or **sand**", "How much is the Marlow One?", "does it come in black?"],
  ["**black** or **white**", "Does the grinder come in black?", "and the kettle?"],
  ["€59", "how much is the grinder?", "and the kettle?", "and the scale?"],
  ["€9.90", "Do you ship to Belgium?", "what about express?"],
  ["4–8 working days", "Do you ship to Belgium?", "and to Norway?"],
  ["4–8 working days", "Do you ship to Norway?", "how long does it take?"],
  ["2 years", "What's the warranty on the grinder?", "and on the kettle?"],
  ["Harbour Blend", "Which beans do you have?", "which one is best for espresso?"],
  ["within **30 days**", "Can I pay with Klarna?", "can I return it?"],
  ["Tuesday to Saturday", "Tell me about the hand grinder", "Opening hours?"],
  ["workshop in Rotterdam", "Tell me about the hand grinder", "can I get it repaired?"],
  ["5 years", "Tell me about the hand grinder", "what's the warranty on it?"],
  ["€13.50", "Which beans do you have?", "how much are they?"],
  ["V60-style", "Tell me about the dripper", "which filters fit?"],
  ["€129", "How much is the grinder?", "thanks!", "how much is it again?"],
];

describe("a question that goes on from the one before", () => {
  test.each(CONVERSATIONS)("has %s in its answer: %s", async (expected, ...questions) => {
    expect((await converse(...questions)).text).toContain(expected);
  });

  test("is unknown rather than answered about another thing", async () => {
    const { text } = await converse("How much is the kettle?", "how heavy is it?");

    expect(text).toContain(HANDOVER_OFFER);
  });

  test("searches with its topic written out", async () => {
    const { steps } = await converse("How much is the Marlow One?", "does it come in black?");

    expect(steps.find((step) => step.type === "tool_use")).toMatchObject({
      name: "search_articles",
      input: { query: "does it come in black? (Marlow One hand grinder)" },
    });
  });
});

describe("the offer of a person", () => {
  test.each(["yes", "Yes please!", "sure", "ok", "that would be great"])(
    "is taken by %j",
    async (reply) => {
      const { text, steps } = await converse("Do you sell tea?", reply);

      expect(text).toContain("9:00–17:00 CET");
      expect(steps).toContainEqual(ESCALATE);
    },
  );

  test.each(["no", "No thanks", "nope"])("is declined by %j", async (reply) => {
    const { text, steps } = await converse("Do you sell tea?", reply);

    expect(text).toContain("All right");
    expect(steps).not.toContainEqual(ESCALATE);
  });

  test("is left aside by another question", async () => {
    expect((await converse("Do you sell tea?", "Is shipping free?")).text).toContain("€49");
  });

  test.each(["Can I talk to a human?", "I want to speak with someone please", "a person please"])(
    "need not be made for %j",
    async (message) => {
      expect((await converse(message)).steps).toContainEqual(ESCALATE);
    },
  );
});
