import { describe, expect, test } from "vitest";
import type { Care } from "../../../demo/platform/agent/at-once.ts";
import { AVOIDED, HANDOVER_OFFER, UNKNOWN_ANSWER } from "../../../demo/platform/agent/phrases.ts";
import { converseWith, createOrganisation, createShopAgent } from "./agent.ts";

function start(care: Care = "attentive") {
  const organisation = createOrganisation();
  const agent = createShopAgent(organisation, care);
  const ask = (...questions: string[]) => converseWith(agent, ...questions);
  const reasonOf = async (...questions: string[]) => {
    const { steps } = await ask(...questions);
    const step = steps.find(({ type }) => type === "escalate");
    return step?.type === "escalate" ? step.reason : undefined;
  };
  return { ...organisation, ask, reasonOf };
}

describe("the customers' agent", () => {
  test("answers from what was added a moment before, without a link to a page", async () => {
    const { ask, library } = start();
    library.save({
      title: "Pricing",
      content: "Our plans are Free (up to 3 projects) and Pro ($12/month).",
      category: null,
    });
    const { text } = await ask("What are your plans?");

    expect(text).toContain("Pro ($12/month)");
    expect(text).not.toContain("](");
  });

  test("answers from what an article says now, and not from what is archived", async () => {
    const { ask, library } = start();
    library.save({ title: "Shipping", content: "Shipping is free by drone.", category: null });

    expect((await ask("Is shipping free?")).text).toContain("by drone");
    library.archive("Shipping");
    library.archive("Starter Set");
    library.archive("Coffee subscription");
    expect((await ask("Do you ship to Norway?")).text).not.toContain("drone");
  });

  test("says who it is and what the business does", async () => {
    const { ask, configure } = start();
    configure({ context: "We are a hotel in Porto.", branding: { agentName: "Rita" } });

    expect((await ask("Who are you?")).text).toMatch(/^I'm Rita,.*We are a hotel in Porto\.$/);
    expect((await ask("Hi")).text).toContain("I'm Rita");
    expect((await ask("What do you do?")).text).toBe("We are a hotel in Porto.");
    expect((await ask("thanks")).text).not.toContain("coffee");
  });

  test("finds an answer in the business context and in a rule that states something", async () => {
    const { ask, configure } = start();
    configure({
      context: "Acme builds project management tools for small teams.",
      rules: { business: ["We don't offer refunds on sale items."], escalation: [] },
    });

    expect((await ask("Do you have project management tools?")).text).toContain("small teams");
    expect((await ask("Can I get a refund on sale items?")).text).toContain("don't offer refunds");
  });

  test("does not speak of what a rule forbids", async () => {
    const { ask, configure } = start();
    configure({ rules: { business: ["Don't talk about competitors."], escalation: [] } });

    expect((await ask("Are your competitors cheaper?")).text).toBe(AVOIDED);
    expect((await ask("Is shipping free?")).text).not.toBe(AVOIDED);
  });

  test("keeps to rules about what every answer has, and must not have", async () => {
    const { ask, configure } = start();
    configure({
      rules: {
        business: ["Always mention the newsletter.", "Never use exclamation marks."],
        escalation: [],
      },
    });

    expect((await ask("Is shipping free?")).text).toContain("Good to know: the newsletter.");
    expect((await ask("thanks")).text).not.toContain("!");
  });
});

describe("a person takes over", () => {
  test.each([
    ["by a rule", "I want a refund of $150", "By the rule: Escalate refunds over $100."],
    ["when patience is lost", "This is ridiculous!", "The customer is frustrated"],
    ["when asked to", "Let me talk to a manager", "The customer asked for a person"],
  ])("%s, with the reason", async (_case, message, reason) => {
    const { reasonOf, configure } = start();
    configure({ rules: { business: [], escalation: ["Escalate refunds over $100."] } });

    expect(await reasonOf(message)).toBe(reason);
  });

  test.each([
    ["Do you sell tea?", "Do you sell bicycles?"],
    ["Do you sell tea?", "that didn't help"],
  ])("when a second question in a row has no answer: %s, %s", async (...questions) => {
    const { ask, reasonOf } = start();

    expect(await reasonOf(...questions)).toBe("Two questions in a row that could not be resolved");
    expect((await ask(...questions)).text).not.toContain(HANDOVER_OFFER);
  });

  test.each([
    ["Do you sell tea?"],
    ["Do you sell tea?", "Is shipping free?"],
    ["Do you sell tea?", "Is shipping free?", "Do you sell bicycles?"],
    ["How do I return a grinder I don't like?"],
    ["my kettle arrived broken"],
    ["I changed my mind, can I get my money back?"],
    ["Do you have support for a large order?"],
  ])("not for everyday questions: %s %s %s", async (...questions) => {
    expect(await start().reasonOf(...questions)).toBeUndefined();
  });

  test("on Lex only when asked to or by a rule", async () => {
    const { ask, reasonOf } = start("asked");

    expect(await reasonOf("This is ridiculous!")).toBeUndefined();
    expect((await ask("Do you sell tea?", "Do you sell bicycles?")).text).toBe(UNKNOWN_ANSWER);
    expect(await reasonOf("Can I talk to a human?")).toBe("The customer asked for a person");
  });
});

test("a question without an answer is marked", async () => {
  const { steps } = await start().ask("Do you sell tea?");

  expect(steps).toContainEqual({ type: "unanswered" });
});
