import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { connectLexey, payloadsOf, startLexey, textOf } from "./lexey.ts";

/** Both sides of a platform; each call of `chat` is a conversation of its own. */
async function start(file = ":memory:") {
  const { url, close } = await startLexey({ file });
  const talk = async (api: "customer" | "management", messages: string[]) => {
    const client = connectLexey(url, api);
    const id = await client.create();
    let text = "";
    let isEscalated = false;
    for (const message of messages) {
      const events = await client.ask(id, message);
      text = textOf(events);
      isEscalated ||= payloadsOf(events).some(({ status }) => status === "escalated");
    }
    return { text, isEscalated };
  };
  return {
    close,
    manage: async (...messages: string[]) => (await talk("management", messages)).text,
    chat: (...messages: string[]) => talk("customer", messages),
  };
}

describe("what the owner sets by chat", () => {
  test("changes the customers' answers at once", async () => {
    const { manage, chat } = await start();
    await manage(
      "Our business is a SaaS company called Acme. We build project management tools for small teams.",
      "Add a knowledge article about pricing: Our plans are Free (up to 3 projects), Pro ($12/month, unlimited projects), and Enterprise (custom pricing).",
      "Set our agent name to 'Acme Support', primary colour to '#2563EB', and welcome heading to 'Need help with Acme?'",
      "Add these escalation rules: always escalate if a customer mentions billing disputes, refund requests over $100, or legal issues.",
    );

    expect((await chat("How much is the Pro plan?")).text).toContain("$12/month");
    expect((await chat("Who are you?")).text).toContain("I'm Acme Support");
    expect((await chat("What does your company do?")).text).toContain("project management tools");
    expect(await chat("I want a refund of $150")).toMatchObject({ isEscalated: true });
    expect(await chat("I want a refund of $50")).toMatchObject({ isEscalated: false });
  });

  test("is there after a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lexey-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "platform.sqlite");
    const before = await start(file);
    await before.manage("Add an article about unicycles: A unicycle costs €99.");
    await before.chat("How much is a unicycle?");
    await before.close();
    const after = await start(file);

    expect((await after.chat("How much is a unicycle?")).text).toContain("€99");
    expect(await after.manage("How have we performed over the last 7 days?")).toContain(
      "- Conversations: **2**",
    );
  });
});

describe("the analytics", () => {
  test("count what customers did, and list what had no answer", async () => {
    const { manage, chat } = await start();
    await chat("Is shipping free?", "Do you sell tea?");
    await chat("Do you sell tea?", "Do you sell bicycles?");
    await chat("This is ridiculous!");
    const report = await manage("How have we performed over the last 7 days?");

    expect(report).toMatch(/^The last 7 days:\n\n/);
    expect(report).toContain("- Conversations: **3**");
    expect(report).toContain("- Messages: **10**");
    expect(report).toContain("- Escalations: **2**");
    expect(report).toContain("- Unanswered questions: **3**");
    expect(report).toMatch(/- Time to the first word, median: \*\*\d+ ms\*\*/);
    expect(report).toMatch(/- Time to the first word, p95: \*\*\d+ ms\*\*/);
    expect(report).toContain("- Do you sell tea? (2×)\n- Do you sell bicycles?");
  });

  test("say so when there was nothing, and leave the owner's own chats out", async () => {
    const { manage } = await start();

    expect(await manage("hello", "stats for yesterday please")).toBe(
      "There was no conversation in this time (yesterday).",
    );
  });
});
