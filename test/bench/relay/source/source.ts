/**
 * A platform that costs next to nothing: as much of Lex's API as the compared systems need. Prints its
 * address. `GET /bench` tells how many connections and chunks there are.
 * `node source.ts [<breaks a second> <seed>]`
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createAnswers, type Conversation } from "./answers.ts";
import { startBreaking } from "./breaks.ts";
import { createStreams } from "./streams.ts";

/** What `GET /bench` answers. */
export type SourceCounts = { connections: number; streams: number; chunks: number; breaks: number };

const [breaksPerSecond = 0, seed = 1] = process.argv.slice(2).map(Number);

const streams = createStreams();
const answers = createAnswers(({ id }, event, data) => streams.send(id, event, data));
const breaks = startBreaking(streams, { breaksPerSecond, seed });
const stateOf = ({ answer }: Conversation): "thinking" | "responding" | null => {
  if (!answer) return null;
  return answer.sent === 0 ? "thinking" : "responding";
};

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { content, conversationId } = JSON.parse(await text(request)) as Record<string, string>;
  const messageId = answers.ask(answers.find(conversationId ?? ""), content ?? "");
  if (messageId === null) answer(response, 409, {});
  else answer(response, 202, { success: true, messageId, conversationId });
}

function toPage({ messages }: Conversation, query: URLSearchParams): object {
  const limit = Number(query.get("limit") ?? 100);
  const since = query.get("since");
  if (since === null) return { messages: messages.slice(-limit), hasMore: messages.length > limit };
  const newer = messages.slice(messages.findIndex(({ id }) => id === since) + 1);
  return { messages: newer.slice(0, limit), hasMore: newer.length > limit };
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://source");
  const [, , , id = "", what] = pathname.split("/");
  if (pathname === "/bench") {
    server.getConnections((_error, connections) =>
      answer(response, 200, {
        connections,
        streams: streams.all.size,
        chunks: answers.countChunks(),
        breaks: breaks.count(),
      } satisfies SourceCounts),
    );
  } else if (request.method === "POST") void reply(request, response);
  else if (what === "stream" && breaks.isDown()) {
    response.writeHead(503, { "content-type": "text/html" }).end("<h1>Back soon</h1>");
  } else if (what === "stream") streams.open(response, id, stateOf(answers.find(id)) ?? "idle");
  else if (what === "messages") answer(response, 200, toPage(answers.find(id), searchParams));
  else {
    const state = stateOf(answers.find(id));
    answer(response, 200, { active: state !== null, state });
  }
});

server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
