/** The platform's default channel, where all visitors share it: only the answer to a send tells which it is. */
import { PlatformError, type Platform, type Sent } from "../platforms/platform.ts";
import type { Message } from "../protocol.ts";
import type { ChannelAttempt } from "./attempt.ts";

/** A message is looked for in so many of the conversations that were updated last. */
const SEARCHED = 5;
const SEARCHED_MESSAGES = 20;

export type ChannelMessage = Sent & { conversationId: string };

export type SharedChannel = {
  /** Null until a send has told it. */
  id: () => string | null;
  /** What has to be known to find a message that is sent from now on. Rejects with a `PlatformError`. */
  mark: () => Promise<ChannelAttempt>;
  /** Sends while the id is not known. Rejects with a `PlatformError`. */
  send: (content: string, attempt: ChannelAttempt) => Promise<ChannelMessage>;
  /** The one message with this text that came after the attempt; null when there is none, or several. */
  find: (content: string, attempt: ChannelAttempt) => Promise<ChannelMessage | null>;
};

/** 0 when it can't be read: then nothing is newer. */
const toTime = ({ created_at: at }: Message): number => Date.parse(at) || 0;

export function createSharedChannel(platform: Platform): SharedChannel {
  let id: string | null = null;

  async function find(content: string, { newestAt }: ChannelAttempt) {
    const ids = (await platform.recent()).slice(0, SEARCHED);
    const found = await Promise.all(
      ids.map(async (conversationId) => {
        const { messages } = await platform.messages(conversationId, { limit: SEARCHED_MESSAGES });
        return messages
          .filter(({ role, content: text }) => role === "user" && text === content)
          .filter((message) => newestAt === null || toTime(message) > newestAt)
          .map((message): ChannelMessage => ({ messageId: message.id, conversationId }));
      }),
    );
    const [message = null, ...others] = found.flat();
    return others.length === 0 ? message : null;
  }

  async function ask(content: string): Promise<ChannelMessage> {
    const { messageId, conversationId } = await platform.send(null, content);
    if (conversationId === null)
      throw new PlatformError("unknown", "the platform did not name its default conversation");
    // Never from a search: only an answer tells for certain whose conversation it is.
    id = conversationId;
    return { messageId, conversationId };
  }

  return {
    id: () => id,

    async mark() {
      const [latest] = await platform.recent();
      if (latest === undefined) return { conversationId: null, newestAt: null };
      const { messages } = await platform.messages(latest, { limit: SEARCHED_MESSAGES });
      return { conversationId: null, newestAt: messages.map(toTime).at(-1) ?? null };
    },

    async send(content, attempt) {
      try {
        return await ask(content);
      } catch (error) {
        if (!(error instanceof PlatformError && error.failure === "unknown")) throw error;
        const found = await find(content, attempt).catch(() => null);
        if (found) return found;
        throw error;
      }
    },

    find,
  };
}
