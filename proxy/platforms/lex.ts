/** Lex behind the platform port. Follows the Lex API document; what that leaves open is read tolerantly. */
import { randomUUID } from "node:crypto";
import { createParser } from "eventsource-parser";
import type { ConversationState, Message } from "../protocol.ts";
import { isFields } from "./fields.ts";
import { readConversations } from "./lex-conversations.ts";
import { parseLexEvent, readMessage, readState } from "./lex-events.ts";
import { PlatformError, type Page, type Platform } from "./platform.ts";
import { createPlatformClient, type PlatformClientOptions } from "./request.ts";

/** Characters of one event. A longer one ends the connection; the relay reads the history instead. */
const MAX_EVENT_CHARACTERS = 1024 * 1024;

/** `baseUrl` without a trailing slash, for example `https://lex.scomatic.com`. */
export function createLex(options: PlatformClientOptions): Platform {
  const client = createPlatformClient(options);
  const at = (conversationId: string, ...rest: string[]): string[] => [
    "api",
    "conversations",
    conversationId,
    ...rest,
  ];

  async function state(conversationId: string): Promise<ConversationState> {
    const answer = await client.json({ method: "GET", path: at(conversationId, "status") });
    const fields = isFields(answer) ? answer : {};
    return readState(fields) ?? (fields["active"] === true ? "thinking" : "idle");
  }

  return {
    name: "lex",
    newConversationId: async () => randomUUID(),
    opensConversations: false,

    async send(conversationId, content) {
      const body = { content, ...(conversationId !== null && { conversationId }) };
      const answer = await client
        .json({ method: "POST", path: ["api", "conversations", "reply"], body })
        .catch((error: unknown) => {
          // The 2xx was there: the platform has the text, whatever its body says.
          if (error instanceof PlatformError && error.failure === "invalid") return {};
          throw error;
        });
      const fields = isFields(answer) ? answer : {};
      return {
        messageId: toId(fields["messageId"]),
        conversationId: toId(fields["conversationId"]),
      };
    },

    async stream(conversationId, handlers, signal) {
      const path = at(conversationId, "stream");
      const stream = await client.stream({ method: "GET", path, signal });
      handlers.onOpen();
      const parser = createParser({
        maxBufferSize: MAX_EVENT_CHARACTERS,
        onEvent: (sse) => {
          const event = parseLexEvent(sse);
          if (event) handlers.onEvent(event);
        },
      });
      try {
        await stream.read((text) => {
          handlers.onActivity();
          parser.feed(text);
        });
      } catch (error) {
        if (signal.aborted) return;
        const name = error instanceof Error ? error.name : "unknown";
        throw new PlatformError("unavailable", `the stream broke (${name})`);
      }
    },

    async messages(conversationId, query) {
      const answer = await client.json({
        method: "GET",
        path: at(conversationId, "messages"),
        query,
      });
      return toPage(answer);
    },

    state,

    async recent() {
      const answer = await client.json({ method: "GET", path: ["api", "conversations"] });
      return (readConversations(answer) ?? []).map(({ id }) => id);
    },

    async overview(conversationId) {
      const [answer, now] = await Promise.all([
        client.json({ method: "GET", path: at(conversationId), query: { limit: 1 } }),
        state(conversationId),
      ]);
      const fields = isFields(answer) ? answer : {};
      const conversation = isFields(fields["conversation"]) ? fields["conversation"] : fields;
      const messages = fields["messages"] ?? conversation["messages"];
      const lastMessage = Array.isArray(messages)
        ? (messages.flatMap(toMessage).at(-1) ?? null)
        : null;
      return { title: toId(conversation["title"]), lastMessage, state: now };
    },
  };
}

const toId = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;

function toPage(answer: unknown): Page {
  if (!isFields(answer) || !Array.isArray(answer["messages"])) {
    throw new PlatformError("invalid", "the platform's history has no messages");
  }
  return { messages: answer["messages"].flatMap(toMessage), hasMore: answer["hasMore"] === true };
}

/** Built field by field; messages without id, text or a role that a visitor may see are left out. */
function toMessage(raw: unknown): Message[] {
  const { id, role, content, createdAt } = readMessage(raw);
  if (id === null || role === null || content === null) return [];
  return [{ id, role, content, created_at: createdAt ?? new Date(0).toISOString() }];
}
