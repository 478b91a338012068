import { createPlatform } from "../../../demo/platform/index.ts";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import { onTestFinished } from "vitest";

export type Json = Record<string, unknown>;
export type Answer = { status: number; body: Json };

export type Lex = Awaited<ReturnType<typeof startLex>>;

/** A platform on a free port that answers as fast as it can, closed when the test ends. */
export async function startLex(options: PlatformOptions = {}) {
  const log: string[] = [];
  const platform = await createPlatform(
    { tokensPerSecond: 100_000, thinkingMs: 0, ...options },
    (line) => log.push(line),
  );
  onTestFinished(() => platform.close());
  return { ...platform, log, ...connect(platform.url) };
}

/** A client of the Lex API, as thin as can be. */
export function connect(url: string, key = "lex2_demo") {
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  }

  const send = (content: unknown, conversationId?: unknown) =>
    call("POST", "/api/conversations/reply", { content, conversationId });

  const messages = async (id: unknown, query = "") => {
    const { body } = await call("GET", `/api/conversations/${String(id)}/messages${query}`);
    return body as { messages: Message[]; hasMore: boolean };
  };

  /** Waits until nothing is being answered. */
  const settle = async (id: unknown) => {
    for (;;) {
      const { body } = await call("GET", `/api/conversations/${String(id)}/status`);
      if (body["active"] === false) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  return {
    headers,
    call,
    send,
    messages,
    settle,

    /** Sends, waits for the answer, and gives it with the ids. */
    async ask(content: string, conversationId?: unknown) {
      const { body } = await send(content, conversationId);
      await settle(body["conversationId"]);
      const { messages: all } = await messages(body["conversationId"]);
      return {
        conversationId: String(body["conversationId"]),
        messageId: String(body["messageId"]),
        answer: all.at(-1)?.content ?? "",
      };
    },
  };
}

export type Message = { id: string; role: string; content: string; created_at: string };
