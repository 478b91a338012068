/** Every state of the panel, reached by a visitor's own doing and the words of a scripted proxy. */
import type { Message } from "../../proxy/protocol.ts";
import type { Chat } from "./demo.ts";
import type { ScriptedProxy } from "./scripted-proxy.ts";

const created_at = "2026-03-01T12:00:00.000Z";

export const agent = (content: string, id = "a1"): Message => ({
  id,
  role: "assistant",
  content,
  created_at,
});

/** A link, a list, a table that is too wide and a line of code that is too long. */
export const RICH = `We ship to **Austria**: see [the rates](https://example.com/rates).

- by post
- by courier

| Country | Days | Price of a parcel | Price of a letter | Remarks of the carrier |
|---|---|---|---|---|
| Austria | 2 | €4.90 | €1.20 | Nothing-that-could-be-broken |

\`\`\`sh
curl --request POST https://api.example.com/v1/shipping/rates/of/every/country/in/the/world
\`\`\`

Anything else?`;

/** Sends a question, and has the agent think about it. */
export async function ask(chat: Chat, proxy: ScriptedProxy): Promise<void> {
  await chat.ask("Do you ship to Austria?");
  await proxy.emit("conversation:state", { state: "thinking" });
  await chat.panel.locator(".activity").waitFor();
}

/** Completes the answer; its id is new unless it was streamed. */
export async function answer(chat: Chat, proxy: ScriptedProxy, text: string, id = "a1") {
  await proxy.emit("message:complete", { message: agent(text, id) });
  await chat.panel.locator("button[type=submit]").waitFor();
}

/** What the page must ask for, that there is consent to give. */
export const CONSENT =
  'data-consent="We keep what you write: see [our policy](https://example.com/)."';

/** Goes from state to state, beginning with the closed chat on a page with `CONSENT`, and names each. */
export async function* visitStates(chat: Chat, proxy: ScriptedProxy): AsyncGenerator<string> {
  const { input, messages, panel } = chat;
  await chat.launcher.click();
  const agree = panel.getByRole("button", { name: "Agree and start" });
  await agree.waitFor();
  yield "consent";

  await agree.click();
  await input.waitFor();
  yield "welcome";

  await input.fill("word ".repeat(401));
  await panel.getByText("5 too many").waitFor();
  yield "too-long";

  const earlier = Array.from({ length: 8 }, (_, index) => agent(`Line\n\n${index}`, `m-${index}`));
  proxy.snapshot = { ...proxy.snapshot, hasMore: true, messages: earlier };
  await ask(chat, proxy);
  yield "thinking";

  const tool = { messageId: "a1", toolUseId: "t1", name: "search_articles" };
  await proxy.emit("message:tool_use", tool);
  await panel.locator(".activity", { hasText: "Searching articles…" }).waitFor();
  yield "tool";

  await proxy.emit("message:chunk", { messageId: "a1", offset: 0, text: "We ship to **Aus" });
  await messages.getByText("We ship to").waitFor();
  yield "streaming";

  await answer(chat, proxy, RICH);
  yield "answer";

  const menu = panel.getByRole("button", { name: "Menu" });
  await menu.click();
  await panel.getByRole("menu").waitFor();
  yield "menu";

  await panel.getByRole("menuitem", { name: "Conversations" }).click();
  await panel.getByRole("button", { name: /^Shipping/ }).waitFor();
  yield "conversations";

  await panel.getByRole("button", { name: "Back" }).click();
  await menu.click();
  await panel.getByRole("menuitem", { name: "Delete from this browser" }).click();
  await panel.getByRole("button", { name: "Delete" }).waitFor();
  yield "forget";

  await chat.page.keyboard.press("Escape");
  await panel.locator(".page").waitFor({ state: "detached" });
  await panel.locator(".scroller").evaluate(
    (scroller) =>
      new Promise((resolve) => {
        scroller.addEventListener("scroll", resolve, { once: true });
        scroller.scrollTop = 0;
      }),
  );
  await answer(chat, proxy, "One more thing.", "a2");
  await panel.getByRole("button", { name: "New messages" }).waitFor();
  yield "news";

  await proxy.emit("conversation:status", { status: "escalated" });
  await answer(chat, proxy, "One moment, please.", "a3");
  await panel.getByText("A person has been asked").waitFor();
  yield "escalated";

  await ask(chat, proxy);
  await proxy.emit("error", { code: "platform_timeout", message: "", retryable: true });
  await panel.getByRole("alert").waitFor();
  yield "failed";

  proxy.refusal = "conversation_full";
  await chat.ask("Do you ship to Norway?");
  await panel.getByText("This conversation is full.").waitFor();
  yield "not-sent";

  const ada = `e30.${Buffer.from('{"sub":"ada"}').toString("base64url")}.c2ln`;
  await chat.page.evaluate((jwt) => window.LexChat?.("identify", jwt), ada);
  // Whoever comes next has agreed to nothing yet.
  await agree.click();
  proxy.refusal = "token_expired";
  await chat.ask("Do you ship to Spain?");
  await panel.getByText("You’re signed out.").waitFor();
  yield "signed-out";
}
