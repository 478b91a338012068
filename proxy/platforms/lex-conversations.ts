/** Reads Lex's conversations. Their document names what they hold, and no field of it. Pure. */
import { isFields } from "./fields.ts";

/** Null where Lex does not say it; times as Lex writes them. */
export type LexConversation = {
  id: string;
  title: string | null;
  status: string | null;
  createdAt: string | null;
  updatedAt: string | null;
};

/** Null when there is no list. It may be the answer itself, or under any name in it. */
export function readConversations(answer: unknown): LexConversation[] | null {
  const list = isFields(answer) ? Object.values(answer).find(Array.isArray) : answer;
  return Array.isArray(list) ? list.flatMap((raw) => readConversation(raw) ?? []) : null;
}

/** Null without an id. */
export function readConversation(raw: unknown): LexConversation | null {
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
