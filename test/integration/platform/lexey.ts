import { createPlatform } from "../../../demo/platform/index.ts";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { onTestFinished } from "vitest";
import type { Answer, Json } from "./start.ts";

export type Api = "customer" | "management";
export type LexeyMessage = { role: string; content: string; createdAt: string };
export type LexeyEvent = { id: string | undefined; data: string };

const KEYS = { customer: "lxc_demo", management: "lxm_demo" };

/** A platform on a free port that answers as fast as it can, closed when the test ends. */
export async function startLexey(options: PlatformOptions = {}) {
  const log: string[] = [];
  const platform = await createPlatform(
    { tokensPerSecond: 100_000, thinkingMs: 0, ...options },
    (line) => log.push(line),
  );
  onTestFinished(() => platform.close());
  return { ...platform, log, ...connectLexey(platform.url) };
}

/** A client of one of Lexey's APIs, as thin as can be. */
export function connectLexey(url: string, api: Api = "customer", key = KEYS[api]) {
  const base = `${url}/api/v1/${api}/conversations`;
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  const post = (path: string, body?: unknown): Promise<Response> =>
    fetch(base + path, {
      method: "POST",
      headers,
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });

  const create = async (): Promise<string> => {
    const { conversationId } = (await (await post("")).json()) as { conversationId: string };
    return conversationId;
  };
  const send = (id: string, message: unknown): Promise<Response> =>
    post(`/${id}/messages`, { message });

  /** The events of an answer, as far as they come. */
  const ask = async (id: string, message: string): Promise<LexeyEvent[]> =>
    readEvents(await send(id, message));

  return {
    base,
    headers,
    post,
    create,
    send,
    ask,

    /** A message's refusal: a 200 is no refusal and rejects. */
    async refusal(id: string, message: unknown): Promise<Answer> {
      return toAnswer(await send(id, message));
    },

    history: async (id: string): Promise<LexeyMessage[]> => {
      const response = await fetch(`${base}/${id}/messages`, { headers });
      const { messages } = (await response.json()) as { messages: LexeyMessage[] };
      return messages;
    },
  };
}

export async function toAnswer(response: Response): Promise<Answer> {
  return { status: response.status, body: (await response.json()) as Json };
}

/** Reads to the end of the body; what came before a broken connection is all there is. */
export async function readEvents(response: Response): Promise<LexeyEvent[]> {
  const events: LexeyEvent[] = [];
  const stream = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  try {
    for await (const { id, data } of stream ?? []) events.push({ id, data });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return events;
}

/** The text of an answer. */
export function textOf(events: LexeyEvent[]): string {
  return payloadsOf(events)
    .map((payload) => (payload["type"] === "delta" ? payload["text"] : ""))
    .join("");
}

export function payloadsOf(events: LexeyEvent[]): Json[] {
  return events.filter(({ data }) => data !== "[DONE]").map(({ data }) => JSON.parse(data) as Json);
}
