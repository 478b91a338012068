/** What Lex keeps for the owner of a key: a list of conversations, and one webhook. */
import { isFields } from "./fields.ts";
import { readConversation, readConversations, type LexConversation } from "./lex-conversations.ts";
import { PlatformError } from "./platform.ts";
import { createPlatformClient, type PlatformClientOptions } from "./request.ts";

export type LexWebhook = {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  bodyTemplate: Readonly<Record<string, unknown>> | null;
};

/** Each call rejects with a `PlatformError`. */
export type LexAccount = {
  /** The most recently updated first. */
  conversations: () => Promise<LexConversation[]>;
  conversation: (id: string) => Promise<LexConversation>;
  webhook: () => Promise<LexWebhook | null>;
  /** Replaces the one that is there, in all its parts. */
  setWebhook: (webhook: LexWebhook) => Promise<void>;
  /** The status with which the webhook's server has answered; null when Lex does not say it. */
  testWebhook: () => Promise<number | null>;
  deleteWebhook: () => Promise<void>;
};

export function createLexAccount(options: PlatformClientOptions): LexAccount {
  const client = createPlatformClient(options);
  const webhookPath = ["api", "webhooks", "me"];

  return {
    async conversations() {
      const answer = await client.json({ method: "GET", path: ["api", "conversations"] });
      const conversations = readConversations(answer);
      if (!conversations) throw unreadable("the platform's list holds no conversations");
      return conversations;
    },

    async conversation(id) {
      const path = ["api", "conversations", id];
      const answer = await client.json({ method: "GET", path, query: { limit: 1 } });
      const fields =
        isFields(answer) && isFields(answer["conversation"]) ? answer["conversation"] : answer;
      return (
        readConversation(fields) ?? {
          id,
          title: null,
          status: null,
          createdAt: null,
          updatedAt: null,
        }
      );
    },

    async webhook() {
      const answer = await client.json({ method: "GET", path: webhookPath });
      if (answer === null) return null;
      const webhook = toWebhook(isFields(answer) ? (answer["webhook"] ?? answer) : answer);
      if (!webhook) throw unreadable("the platform's webhook has no url");
      return webhook;
    },

    async setWebhook(webhook) {
      const { bodyTemplate, ...rest } = webhook;
      const body = { ...rest, ...(bodyTemplate !== null && { bodyTemplate }) };
      await done(client.json({ method: "PUT", path: webhookPath, body }));
    },

    async testWebhook() {
      const answer = await client.json({ method: "POST", path: [...webhookPath, "test"] });
      const fields = isFields(answer) ? answer : {};
      const values = [answer, fields["status"], fields["statusCode"], fields["status_code"]];
      return values.find((value) => typeof value === "number") ?? null;
    },

    deleteWebhook: () => done(client.json({ method: "DELETE", path: webhookPath })),
  };
}

/** A success without a body is none the less one: the document does not say what comes back. */
async function done(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof PlatformError && error.failure === "invalid")) throw error;
  });
}

const unreadable = (what: string): PlatformError => new PlatformError("invalid", what);

function toWebhook(raw: unknown): LexWebhook | null {
  if (!isFields(raw) || typeof raw["url"] !== "string") return null;
  const { url, method, headers, bodyTemplate } = raw;
  const texts = Object.entries(isFields(headers) ? headers : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return {
    url,
    method: typeof method === "string" ? method : "POST",
    headers: Object.fromEntries(texts),
    bodyTemplate: isFields(bodyTemplate) ? bodyTemplate : null,
  };
}
