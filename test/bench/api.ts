/** The calls of Lex's API, which the platform, a pipe in front of it and the proxy all answer. */
import { request } from "node:http";
import { createParser, type EventSourceMessage } from "eventsource-parser";

export type Api = { url: string; headers: Readonly<Record<string, string>> };

type Reply = { conversationId: string };
type Status = { active: boolean };

const POLL_MS = 10;

/** Throws what was answered when that is no success. */
export async function call<Body>(api: Api, path: string, body?: object): Promise<Body> {
  const response = await fetch(api.url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...api.headers, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Body;
}

/** Resolves with the conversation's id as soon as the message is accepted. */
export async function send(api: Api, content: string, conversationId?: string): Promise<string> {
  const reply = await call<Reply>(api, "/api/conversations/reply", { content, conversationId });
  return reply.conversationId;
}

/** Waits until nothing is being answered. */
export async function settle(api: Api, conversationId: string): Promise<void> {
  const path = `/api/conversations/${conversationId}/status`;
  while ((await call<Status>(api, path)).active) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export type Listener = {
  /** Bytes of the body, as they arrive. */
  onBytes: (count: number) => void;
  onEvent: (event: EventSourceMessage) => void;
  /** The stream ended before it was closed, or never began. */
  onEnd: (reason: Error) => void;
};

/** Opens a conversation's event stream. Returns the function that closes it. */
export function listen(api: Api, conversationId: string, listener: Listener): () => void {
  const path = `/api/conversations/${conversationId}/stream`;
  const opened = request(new URL(path, api.url), { headers: api.headers, agent: false });
  const parser = createParser({ onEvent: listener.onEvent });
  const decoder = new TextDecoder();
  opened.on("error", listener.onEnd);
  opened.on("response", (response) => {
    response.on("data", (bytes: Buffer) => {
      listener.onBytes(bytes.length);
      parser.feed(decoder.decode(bytes, { stream: true }));
    });
    response.on("error", listener.onEnd);
    response.on("end", () => listener.onEnd(new Error(`stream: ended, ${response.statusCode}`)));
  });
  opened.end();
  return () => opened.destroy();
}
