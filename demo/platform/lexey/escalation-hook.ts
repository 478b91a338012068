import { createHmac } from "node:crypto";
import type { Settings } from "../settings.ts";
import type { Conversation } from "../storage/conversations.ts";
import type { Store } from "../storage/store.ts";
import type { Call, Delivery } from "../webhooks/delivery.ts";
import { toLexeyMessage } from "./message.ts";

export type EscalationHookOptions = {
  store: Store;
  delivery: Delivery;
  settings: Pick<Settings, "escalationUrl" | "escalationSecret">;
};

/**
 * Posts `conversation.escalated` in the shape of the webhook page. Lexey sets the address in its
 * UI; here it is a setting. Retries are not documented: as Lex's, with the same bytes each time.
 */
export function createEscalationHook({ store, delivery, settings }: EscalationHookOptions) {
  const { escalationUrl: url, escalationSecret: secret } = settings;
  return (conversation: Conversation, reason: string): void => {
    if (url === null) return;
    const body = JSON.stringify(toPayload(conversation, reason, store));
    const call: Call = {
      url,
      method: "POST",
      headers: { "content-type": "application/json", ...(secret && sign(secret, body)) },
      body,
    };
    delivery.fire(() => call);
  };
}

function sign(secret: string, body: string): Record<string, string> {
  const digest = createHmac("sha256", secret).update(body).digest("hex");
  return { "x-lexey-signature": `sha256=${digest}` };
}

function toPayload(conversation: Conversation, reason: string, store: Store) {
  const { messages } = store.messages.page(conversation.id, { limit: Number.MAX_SAFE_INTEGER });
  return {
    event: "conversation.escalated",
    timestamp: new Date().toISOString(),
    conversation: {
      id: conversation.id,
      status: "escalated",
      // How a customer gets one is not documented: nobody has.
      customerIdentifier: null,
      createdAt: conversation.created_at,
    },
    messages: messages.map(toLexeyMessage),
    payload: { reason },
  };
}
