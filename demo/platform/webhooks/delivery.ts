import { setTimeout as sleep } from "node:timers/promises";
import type { Conversation } from "../storage/conversations.ts";
import type { Message } from "../storage/messages.ts";
import type { Webhook } from "../storage/webhooks.ts";
import { fillTemplate } from "./template.ts";
import type { Variables } from "./template.ts";

const ATTEMPTS = 5;
const TIMEOUT_MS = 10_000;

export type DeliveryOptions = {
  /** Asked before every attempt: a webhook that was changed or removed gets nothing any more. */
  find: (account: string) => Webhook | null;
  /** Wait before the second attempt, in ms; doubled for each further one. */
  backoffMs: number;
  log: (line: string) => void;
};

/** Sends messages to the accounts' webhooks, again and again for a while when they fail. */
export function createDelivery({ find, backoffMs, log }: DeliveryOptions) {
  const abort = new AbortController();

  async function deliver(account: string, variables: Variables): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0)
        await sleep(backoffMs * 2 ** (attempt - 1), undefined, { signal: abort.signal });
      const webhook = find(account);
      if (!webhook) return;
      const status = await send(webhook, variables, abort.signal).catch(() => undefined);
      if (abort.signal.aborted || (status !== undefined && !isRetryable(status))) return;
      log(`webhook: attempt ${attempt + 1} of ${ATTEMPTS}: ${status ?? "no answer"}`);
    }
  }

  return {
    /** Returns at once. */
    fire(conversation: Conversation, message: Message): void {
      deliver(conversation.account, toVariables(conversation, message)).catch((error: unknown) => {
        if (!abort.signal.aborted) log(`webhook: ${String(error)}`);
      });
    },

    /** One attempt; resolves with the status of the owner's server, rejects when it has none. */
    test: (webhook: Webhook): Promise<number> => send(webhook, testVariables(), abort.signal),

    close: () => abort.abort(),
  };
}

/** Redirects are not followed: the owner set this address and no other. */
async function send(webhook: Webhook, variables: Variables, signal: AbortSignal): Promise<number> {
  const response = await fetch(webhook.url, {
    method: webhook.method,
    headers: { "content-type": "application/json", ...lowerCaseNames(webhook.headers) },
    body: JSON.stringify(fillTemplate(webhook.bodyTemplate, variables)),
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  await response.body?.cancel();
  return response.status;
}

/** So that the owner's `Content-Type` replaces the default one instead of joining it. */
function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function isRetryable(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
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
