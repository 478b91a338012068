import type { Conversation } from "../storage/conversations.ts";
import type { Message } from "../storage/messages.ts";
import type { Store } from "../storage/store.ts";
import type { Webhook } from "../storage/webhooks.ts";
import type { Call, Delivery } from "../webhooks/delivery.ts";
import { fillTemplate, type Variables } from "../webhooks/template.ts";

/** Sends messages from Lex to the accounts' webhooks. */
export type MessageHook = ReturnType<typeof createMessageHook>;

export function createMessageHook(store: Store, delivery: Delivery) {
  return {
    /** Returns at once. A webhook that is changed or removed gets nothing any more. */
    fire(conversation: Conversation, message: Message): void {
      const variables = toVariables(conversation, message);
      delivery.fire(() => {
        const webhook = store.webhooks.find(conversation.account);
        return webhook && toCall(webhook, variables);
      });
    },

    /** One attempt; resolves with the status of the owner's server, rejects when it has none. */
    test: (webhook: Webhook): Promise<number> => delivery.test(toCall(webhook, testVariables())),
  };
}

function toCall(webhook: Webhook, variables: Variables): Call {
  return {
    url: webhook.url,
    method: webhook.method,
    headers: { "content-type": "application/json", ...lowerCaseNames(webhook.headers) },
    body: JSON.stringify(fillTemplate(webhook.bodyTemplate, variables)),
  };
}

/** So that the owner's `Content-Type` replaces the default one instead of joining it. */
function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function toVariables(conversation: Conversation, message: Message): Variables {
  return {
    message: message.content,
    conversationId: conversation.id,
    from: "lex",
    conversationTitle: conversation.title,
    subject: conversation.title,
    timestamp: message.created_at,
  };
}

function testVariables(): Variables {
  return {
    message: "This is a test message from Lex.",
    conversationId: "00000000-0000-0000-0000-000000000000",
    from: "lex",
    conversationTitle: "Webhook test",
    subject: "Webhook test",
    timestamp: new Date().toISOString(),
  };
}
