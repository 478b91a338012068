import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { closeLater } from "../../support/proxy.ts";

/** A platform made by hand, for the failures that the local platform does not have. */
export type Upstream = Awaited<ReturnType<typeof startUpstream>>;

export type Handler = (
  exchange: { request: IncomingMessage; response: ServerResponse; body: string },
  upstream: Upstream,
) => void;

export type Routes = Partial<
  Record<"reply" | "stream" | "messages" | "status" | "conversation", Handler>
>;

type StoredMessage = { id: string; role: string; content: string; created_at: string };
export type Seen = {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
};

/**
 * One conversation that behaves, but for the routes that are given. The conversation is whichever
 * the first message goes to; nothing answers it: a test writes `messages`, `state` and the stream.
 */
export async function startUpstream(routes: Routes = {}) {
  const requests: Seen[] = [];
  const streams = new Set<ServerResponse>();

  const standard: Required<Routes> = {
    reply: ({ response, body }, upstream) => {
      const { content, conversationId } = JSON.parse(body) as Record<string, string>;
      const message = upstream.add("user", content ?? "");
      json(response, 202, { success: true, messageId: message.id, conversationId });
    },
    stream: ({ response }) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write('event: connected\ndata: {}\n\nevent: conversation:init\ndata: {"state":');
      response.write(`${JSON.stringify(upstream.state)}}\n\n`);
      streams.add(response);
      response.on("close", () => streams.delete(response));
    },
    messages: ({ request, response }, { messages }) => {
      const since = new URL(request.url ?? "", "http://x").searchParams.get("since");
      const start = messages.findIndex(({ id }) => id === since) + 1;
      if (since !== null && start === 0) return json(response, 400, { error: "unknown since" });
      json(response, 200, { messages: messages.slice(start), hasMore: false });
    },
    status: ({ response }, { state }) =>
      json(response, 200, { active: state !== "idle", state: state === "idle" ? null : state }),
    conversation: ({ response }, { messages }) => json(response, 200, { title: "T", messages }),
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { method = "", url = "", headers } = request;
    requests.push({ method, path: url, headers, body });
    const last = new URL(url, "http://x").pathname.split("/").at(-1) ?? "";
    const name = last in standard ? (last as keyof Routes) : "conversation";
    (routes[name] ?? standard[name])({ request, response, body }, upstream);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  const upstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    messages: [] as StoredMessage[],
    state: "idle",
    /** What a test changes on the way: the handlers that are looked up for the next request. */
    routes,
    standard,

    add(role: string, content: string): StoredMessage {
      const id = `message-${upstream.messages.length + 1}`;
      const message = { id, role, content, created_at: "2026-02-25T00:00:00Z" };
      upstream.messages.push(message);
      return message;
    },

    /** Writes to every open stream, bytes as they are. */
    write(text: string | Buffer): void {
      for (const stream of streams) stream.write(text);
    },
    emit(event: string, data: unknown): void {
      upstream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    /** Cuts every open stream as a crash does. */
    cutStreams(): void {
      for (const stream of streams) stream.destroy();
    },
    streams,
    sends: () => requests.filter(({ path }) => path.endsWith("/reply")),
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
  closeLater(upstream.close);
  return upstream;
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
