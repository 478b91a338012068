import { randomUUID } from "node:crypto";
import type { Agent } from "./agent/agent.ts";
import type { Breaks } from "./breaks.ts";
import { createChannels } from "./channels.ts";
import type { UnknownConversation } from "./misbehaviour.ts";
import { Refusal } from "./refusal.ts";
import type { Conversation } from "./storage/conversations.ts";
import type { Message, Page } from "./storage/messages.ts";
import type { Store } from "./storage/store.ts";
import { createTurns } from "./turns.ts";

/** What both APIs are made of: conversations that take messages and get answers. */
export type Chat = ReturnType<typeof createChat>;

export type ChatOptions = {
  store: Store;
  /** Who answers in a conversation. */
  agentFor: (conversation: Conversation) => Agent;
  /** Called for every message from the agent, once it is stored. */
  onAnswer?: (conversation: Conversation, message: Message) => void;
  /** Called once for a conversation that a person is to take over. */
  onEscalation?: (conversation: Conversation, reason: string) => void;
  onFailure: "apology" | "error";
  /** One line, never with content or keys. */
  log: (line: string) => void;
  unknownConversation?: UnknownConversation;
  breaks: Breaks;
};

export function createChat(options: ChatOptions) {
  const { store, agentFor, onFailure, log, breaks } = options;
  const { onAnswer, onEscalation = () => {}, unknownConversation = "404" } = options;
  const channels = createChannels();

  const save = (conversation: Conversation, message: Message, isTold = true) => {
    store.transact(() => {
      store.messages.add(conversation.id, message);
      store.conversations.touch(conversation.id);
    });
    if (isTold) channels.publish(conversation, { name: "message:new", message });
    if (message.role === "assistant") onAnswer?.(conversation, message);
  };
  const turns = createTurns({
    store,
    channels,
    agentFor,
    save,
    onEscalation,
    onFailure,
    log,
    breaks,
  });

  const draftOf = (id: string): Message | undefined =>
    breaks.history === "partial" ? turns.draft(id) : undefined;

  /** The account's conversation of that id; undefined when nobody has one. */
  const find = (account: string, id: string): Conversation | undefined => {
    const conversation = store.conversations.find(id);
    if (conversation && conversation.account !== account) throw notFound();
    return conversation;
  };

  const open = (account: string, id: string | undefined, content: string): Conversation => {
    const fields = { id: id ?? randomUUID(), account, title: toTitle(content) };
    store.conversations.open({ ...fields, isDefault: id === undefined });
    const conversation = store.conversations.find(fields.id);
    if (!conversation) throw new Error("a conversation that was just opened is gone");
    return conversation;
  };

  const enter = (account: string, id: string | undefined, content: string): Conversation => {
    const known = id === undefined ? undefined : find(account, id);
    if (known) return known;
    if (id !== undefined && unknownConversation === "open") return open(account, id, content);
    if (id !== undefined && unknownConversation === "404") throw notFound();
    return store.conversations.findDefault(account) ?? open(account, undefined, content);
  };

  return {
    channels,
    find,

    /** Refuses with 404 what is unknown or somebody else's. */
    get(account: string, id: string): Conversation {
      const conversation = find(account, id);
      if (!conversation) throw notFound();
      return conversation;
    },

    /** Opens a conversation without a message. */
    create: (account: string): Conversation => open(account, randomUUID(), ""),

    hasMessage: (conversation: string, id: string): boolean =>
      store.messages.has(conversation, id) || draftOf(conversation)?.id === id,

    /** A page of the history, as `store.messages.page` reads it; its end may be a partial answer. */
    page(conversation: string, page: Page) {
      const draft = draftOf(conversation);
      if (!draft || page.before !== undefined) return store.messages.page(conversation, page);
      if (page.since === draft.id) return { messages: [], hasMore: false };
      const { messages, hasMore } = store.messages.page(conversation, page);
      const isCut = page.since !== undefined && (hasMore || messages.length === page.limit);
      if (isCut) return { messages, hasMore: true };
      return { messages: [...messages, draft].slice(-page.limit), hasMore };
    },

    /**
     * Stores a customer's message and begins the answer. Without an id it goes to the account's
     * default conversation. Refuses with 409 while an answer is under way.
     */
    post(account: string, id: string | undefined, content: string) {
      const conversation = enter(account, id, content);
      if (channels.state(conversation) !== "idle") {
        throw new Refusal(409, "Conversation is already processing; wait and retry");
      }
      const message = toMessage("user", content);
      save(conversation, message);
      turns.begin(conversation);
      return { conversation, message };
    },

    /** The agent speaks of its own accord, in a conversation or, without an id, in a new one. */
    speak(account: string, id: string | undefined, content: string) {
      const known = id === undefined ? undefined : find(account, id);
      const conversation = known ?? open(account, id ?? randomUUID(), content);
      const message = toMessage("assistant", content);
      save(conversation, message);
      return { conversation, message };
    },

    /** Aborts the answers under way; resolves when they have let go of the storage. */
    close: () => turns.close(),
  };
}

function toMessage(role: Message["role"], content: string): Message {
  return { id: randomUUID(), role, content, created_at: new Date().toISOString() };
}

function toTitle(content: string): string {
  const line = content.trim().replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59).trimEnd()}…` : line;
}

function notFound(): Refusal {
  return new Refusal(404, "Conversation not found");
}
