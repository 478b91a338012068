/**
 * An answer as it is told: each piece of text once, in order, although the platform says some of it twice
 * (by chunks, by the end of a message, by its history) and some of it in one of these ways only. Pure.
 */
import type { PlatformEvent } from "../platforms/platform.ts";

export type Telling = {
  apply: (event: PlatformEvent) => void;
  /** The answer's messages, complete, in order: what has not been told yet is. */
  complete: (contents: readonly string[]) => void;
  /** Each message that was begun has its end, and there is one. */
  isWhole: () => boolean;
  text: () => string;
};

const BETWEEN_MESSAGES = "\n\n";

type Told = { id: string | null; text: string; isComplete: boolean };

/** `tell` gets text to write after what it got before. */
export function createTelling(tell: (text: string) => void): Telling {
  const told: Told[] = [];

  function begin(id: string | null): Told {
    if (told.some(({ text }) => text !== "")) tell(BETWEEN_MESSAGES);
    const message = { id, text: "", isComplete: false };
    told.push(message);
    return message;
  }

  function add(message: Told, text: string): void {
    message.text += text;
    if (text !== "") tell(text);
  }

  /** The message that is being told, unless `id` is another one's. */
  function current(id: string | null): Told | null {
    const last = told.at(-1);
    if (!last || last.isComplete) return null;
    return id === null || last.id === null || last.id === id ? last : null;
  }

  /** `content` is the whole message: the rest of it is told, or all of it if it begins otherwise. */
  function end(message: Told, content: string): void {
    message.isComplete = true;
    if (content.trim() === message.text.trim()) return;
    if (content.startsWith(message.text)) return add(message, content.slice(message.text.length));
    tell(BETWEEN_MESSAGES);
    message.text = "";
    add(message, content);
  }

  return {
    apply(event) {
      if (event.type === "chunk")
        add(current(event.messageId) ?? begin(event.messageId), event.text);
      if (event.type !== "complete" || event.message.role === "user") return;
      const { id, content } = event.message;
      if (id !== null && told.some((message) => message.id === id && message.isComplete)) return;
      const message = current(id) ?? begin(id);
      end(message, content ?? message.text);
    },

    complete(contents) {
      for (const [index, content] of contents.entries()) end(told[index] ?? begin(null), content);
    },

    isWhole: () => told.length > 0 && told.every(({ isComplete }) => isComplete),
    text: () => told.map(({ text }) => text).join(BETWEEN_MESSAGES),
  };
}
