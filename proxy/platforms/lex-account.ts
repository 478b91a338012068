/** What Lex keeps for the owner of a key: a list of conversations, and one webhook. */
import { isFields } from "./fields.ts";
import { PlatformError } from "./platform.ts";
import { createPlatformClient, type PlatformClientOptions } from "./request.ts";

/** Null where Lex does not say it; times as Lex writes them. */
export type LexConversation = {
  id: string;
  title: string | null;
  status: string | null;
  createdAt: string | null;
  updatedAt: string | null;
};

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
      const list = isFields(answer) ? (answer["conversations"] ?? answer["data"]) : answer;
      if (!Array.isArray(list)) throw unreadable("the platform's list holds no conversations");
      return list.flatMap((raw) => toConversation(raw) ?? []);
    },

    async conversation(id) {
      const path = ["api", "conversations", id];
      const answer = await client.json({ method: "GET", path, query: { limit: 1 } });
      const fields =
        isFields(answer) && isFields(answer["conversation"]) ? answer["conversation"] : answer;
      const conversation = toConversation(fields);
      return conversation ?? { id, title: null, status: null, createdAt: null, updatedAt: null };
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

function toConversation(raw: unknown): LexConversation | null {
  if (!isFields(raw)) return null;
  const text = (...names: string[]): string | null => {
    const value = names.map((name) => raw[name]).find((value) => typeof value === "string");
    return typeof value === "string" && value !== "" ? value : null;
  };
  const id = text("id", "conversationId", "conversation_id");
  if (id === null) return null;
  return {
    id,
    title: text("title", "subject"),
    status: text("status", "state"),
    createdAt: text("created_at", "createdAt"),
    updatedAt: text("updated_at", "updatedAt"),
  };
}

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
