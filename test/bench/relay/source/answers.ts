/** The stand-in's conversations: what is in them, and answers whose chunks come at an exact rate. */
import { randomUUID } from "node:crypto";
import { clock, formatStamp } from "../stamps.ts";

/**
 * What a message asks for. `startAt` is in microseconds of `clock`; `perSecond` chunks a second, for
 * `seconds`.
 */
export type Wish = { startAt: number; perSecond: number; seconds: number };

export type Message = {
  id: string;
  role: "user" | "assistant";
  content: string;
  created_at: string;
};

type Answer = { id: string; wish: Wish; sent: number; text: string };

export type Conversation = {
  id: string;
  messages: Message[];
  answer: Answer | null;
  /** Of all its answers. */
  chunks: number;
};

export type Emit = (conversation: Conversation, event: string, data: object) => void;

/** `emit` is told of every event of every conversation, the moment it is due. */
export function createAnswers(emit: Emit) {
  const conversations = new Map<string, Conversation>();
  const answering = new Set<Conversation>();

  function find(id: string): Conversation {
    const found = conversations.get(id) ?? { id, messages: [], answer: null, chunks: 0 };
    conversations.set(id, found);
    return found;
  }

  function add(to: Conversation, role: Message["role"], content: string, id: string): Message {
    const message = { id, role, content, created_at: new Date().toISOString() };
    to.messages.push(message);
    return message;
  }

  /** Returns the id of the user's message; null while an answer is under way. */
  function ask(conversation: Conversation, content: string): string | null {
    if (conversation.answer) return null;
    const message = add(conversation, "user", content, randomUUID());
    emit(conversation, "message:new", message);
    const wish = JSON.parse(content) as Wish;
    conversation.answer = { id: randomUUID(), wish, sent: 0, text: "" };
    emit(conversation, "conversation:state", { state: "thinking" });
    answering.add(conversation);
    return message.id;
  }

  function emitDue(conversation: Conversation, answer: Answer): void {
    const { startAt, perSecond, seconds } = answer.wish;
    const due = Math.min(perSecond * seconds, ((clock() - startAt) / 1e6) * perSecond);
    while (answer.sent < Math.floor(due)) {
      if (answer.sent === 0) emit(conversation, "conversation:state", { state: "responding" });
      const text = formatStamp({ number: conversation.chunks, at: clock() });
      answer.text += text;
      answer.sent += 1;
      conversation.chunks += 1;
      emit(conversation, "message:chunk", { messageId: answer.id, text });
    }
    if (answer.sent < perSecond * seconds) return;
    answering.delete(conversation);
    conversation.answer = null;
    emit(conversation, "message:complete", add(conversation, "assistant", answer.text, answer.id));
    emit(conversation, "conversation:state", { state: "idle" });
  }

  const timer = setInterval(() => {
    for (const conversation of answering) {
      if (conversation.answer) emitDue(conversation, conversation.answer);
    }
  }, 1);

  return {
    find,
    ask,
    /** All conversations' together. */
    countChunks: (): number =>
      [...conversations.values()].reduce((total, { chunks }) => total + chunks, 0),
    close: (): void => clearInterval(timer),
  };
}
