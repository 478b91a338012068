import { describe, expect, test } from "vitest";
import { createManager } from "./manager.ts";

describe("the configuration agent", () => {
  test("says what it changed, from what to what", async () => {
    const { say, organisation } = createManager();
    await say("Call the agent Bella");
    const text = await say("Rename the agent to Rita and make the colour teal");

    expect(text).toContain("- Agent name: Bella → **Rita**");
    expect(text).toContain("- Primary colour: **#008080**");
    expect(organisation.configuration().branding).toEqual({
      agentName: "Rita",
      primaryColor: "#008080",
    });
  });

  test("does all that a message asks for, and asks back about the rest", async () => {
    const { say, organisation } = createManager();
    const text = await say("We are a hotel in Porto. Call the agent Rita. Change the colour.");

    expect(text).toContain("> We are a hotel in Porto.");
    expect(text).toContain("**Rita**");
    expect(text).toContain("Which colour should it be?");
    expect(organisation.configuration().context).toBe("We are a hotel in Porto.");
  });

  test("takes the next message for the answer to what it asked", async () => {
    const { say, organisation } = createManager();
    await say("Add an article");
    await say("Breakfast");
    await say("Breakfast is from 7 to 10.");

    expect(organisation.library.find("Breakfast")?.content).toBe("Breakfast is from 7 to 10.");
  });

  test("refuses a colour that is none and says what it takes, until it gets one", async () => {
    const { say, organisation } = createManager();

    expect(await say("Set the primary colour to blurple")).toMatch(
      /“blurple” is no colour.*#rrggbb/,
    );
    expect(await say("then #12345")).toContain("is no colour");
    expect(organisation.configuration().branding).toEqual({});
    await say("#123456");
    expect(organisation.configuration().branding).toEqual({ primaryColor: "#123456" });
  });

  test("sets the other values beside a colour that is none", async () => {
    const { say, organisation } = createManager();
    const text = await say("Set the heading to 'Hello' and the colour to blurple");

    expect(organisation.configuration().branding).toEqual({ welcomeHeading: "Hello" });
    expect(text).toMatch(/\*\*Hello\*\*[^]*“blurple” is no colour/);
  });

  test("gives up asking when it is told something else", async () => {
    const { say, organisation } = createManager();
    await say("change the colour");
    await say("never mind");
    await say("red");

    expect(organisation.configuration().branding).toEqual({});
  });

  test("answers with JSON alone when a program asks for the branding", async () => {
    const { say } = createManager();
    await say("Set the agent name to “Rita” and the heading to “Olá!”");
    const text = await say(
      "What is our current branding? Change nothing. Answer with a JSON object and nothing else, with the keys agentName and primaryColor",
    );

    expect(JSON.parse(text)).toEqual({
      agentName: "Rita",
      primaryColor: null,
      welcomeHeading: "Olá!",
      welcomeSubheading: null,
    });
  });

  test("lists, updates and archives the articles that the folder brought", async () => {
    const { say, organisation } = createManager();

    expect(await say("Which articles do we have?")).toContain("- Shipping\n");
    await say("Update the shipping article: We ship by drone.");
    expect(organisation.library.find("Shipping")?.content).toBe("We ship by drone.");
    expect(await say("Archive the shipping article")).toContain("archived **Shipping**");
    expect(await say("Which articles do we have?")).not.toContain("- Shipping\n");
  });

  test("replaces an article that is added again, and says so", async () => {
    const { say, organisation } = createManager();
    await say("Add an article about pets: Dogs are welcome.");
    const text = await say("Add an article about Pets: Cats are welcome.");

    expect(text).toContain("There was an article **Pets** already");
    expect(organisation.library.find("pets")?.content).toBe("Cats are welcome.");
  });

  test("adds rules of both kinds, shows them, and removes the one that is meant", async () => {
    const { say, organisation } = createManager();
    await say("Never promise a delivery date.");
    await say("Escalation rule: orders over £500");

    expect(await say("Which rules do we have?")).toBe(
      "The business rules:\n\n- Never promise a delivery date.\n\nThe escalation rules:\n\n- Orders over £500",
    );
    await say("Remove a rule");
    await say("2");
    expect(organisation.configuration().rules).toEqual({
      business: ["Never promise a delivery date."],
      escalation: [],
    });
  });

  test("says so when an escalation rule names nothing to watch for", async () => {
    const { say } = createManager();

    expect(await say("Escalate when you should.")).toContain("it never applies");
    expect(await say("Escalate legal issues.")).not.toContain("it never applies");
  });

  test.each([
    ["Thanks!", "You're welcome!"],
    ["hello", "Hello!"],
    ["What can you do?", "**knowledge articles**"],
    ["What's the weather in Paris?", "have changed nothing"],
  ])("answers %s shortly", async (message, expected) => {
    expect(await createManager().say(message)).toContain(expected);
  });

  test.each([
    ["a rule", `Never say ${"x".repeat(600)}.`, "rule is too long: 611 characters, at most 500"],
    ["an agent's name", `Call the agent ${"x".repeat(100)}`, "agentName is too long"],
    ["an article", `Add an article about x: ${"y".repeat(20_001)}`, "article's text is too long"],
    ["the context", `We are a ${"z".repeat(5001)}`, "business context is too long"],
  ])("refuses %s that is too long and changes nothing", async (_case, message, problem) => {
    const { say, organisation } = createManager();
    const before = organisation.configuration();

    expect(await say(message)).toContain(problem);
    expect(organisation.configuration()).toEqual(before);
  });

  test("takes no more than 50 rules and 250 articles", async () => {
    const { say, organisation } = createManager();
    const rules = Array.from({ length: 50 }, (_, index) => `- Rule ${index}`).join("\n");
    await say(`Add these business rules:\n${rules}`);
    while (organisation.library.list().length < 250) {
      const title = `Article ${organisation.library.list().length}`;
      organisation.library.save({ title, content: "Text.", category: null });
    }

    expect(await say("Never say never.")).toContain("There can be 50 business rules");
    expect(await say("Add an article about x: y")).toContain("There are 250 articles");
  });
});

test.each([
  ["a book", "We never stop. The article about the shop for our team is to say with care. "],
  ["one line", "please and the colour "],
  ["quotes", "' \" ‘ “ "],
  ["blanks", " \t"],
])("a message of 20,000 characters (%s) is read in a moment", async (_case, part) => {
  const { say } = createManager();
  const start = performance.now();
  await say(`show ${part.repeat(20_000 / part.length)}!`);

  expect(performance.now() - start).toBeLessThan(2000);
});
