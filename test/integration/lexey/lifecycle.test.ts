/** An answer of Lexey while its visitors come and go, by a platform that is written by hand. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import type { ConversationsResponse } from "../../../proxy/protocol.ts";
import {
  closeLater,
  createVisitor,
  eventually,
  isChunk,
  lexeyAt,
  startProxy,
  tile,
} from "../../support/proxy.ts";

/** One conversation, whose answers a test writes. */
async function startByHand() {
  const messages: Array<{ role: string; content: string; createdAt: string }> = [];
  const answers: ServerResponse[] = [];
  const cut: ServerResponse[] = [];
  const paths: string[] = [];
  const add = (role: string, content: string): void =>
    void messages.push({ role, content, createdAt: new Date().toISOString() });
  const server = createServer(async (request, response) => {
    paths.push(`${request.method} ${request.url}`);
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk as string;
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    };
    if (request.method === "GET") return json(200, { messages });
    if (body === "") return json(201, { conversationId: "550e8400-e29b-41d4-a716-446655440000" });
    add("user", (JSON.parse(body) as { message: string }).message);
    answers.push(response);
    response.on("close", () => response.writableEnded || cut.push(response));
    response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closeLater(() => {
    server.close();
    server.closeAllConnections();
  });
  let id = 0;
  const write = (data: string): void => {
    id += 1;
    answers.at(-1)?.write(`id: ${id}\ndata: ${data}\n\n`);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    /** Answers whose reader left before their end. */
    cut,
    delta: (text: string): void => write(JSON.stringify({ type: "delta", text })),
    end(content: string): void {
      add("assistant", content);
      write("[DONE]");
      answers.at(-1)?.end();
      id = 0;
    },
  };
}

async function start() {
  const lexey = await startByHand();
  const proxy = await startProxy(lexey.url, lexeyAt(lexey.url), {
    relayTimes: { graceMs: 20, retentionMs: 20 },
  });
  const visitor = await createVisitor(proxy.url);
  const { body } = await visitor.reply("Hello?");
  return { lexey, proxy, visitor, handle: body.conversationId };
}

it("is read to its end when all visitors have left", async () => {
  const { lexey, proxy, visitor, handle } = await start();
  const stream = await visitor.stream(handle);
  lexey.delta("Good ");
  await stream.until("some text", isChunk);
  stream.close();
  const viewers = () => proxy.proxy.metrics.registry.getSingleMetricAsString("lex_chat_viewers");
  await eventually("nobody", async () => (await viewers()).includes("viewers 0") || undefined);
  // Past the time after which an idle conversation is let go of.
  await new Promise((resolve) => setTimeout(resolve, 100));
  lexey.delta("morning.");
  lexey.end("Good morning.");
  const { messages } = await (await visitor.stream(handle)).snapshot();

  expect(messages.map(({ content }) => content)).toEqual(["Hello?", "Good morning."]);
  expect(lexey.cut).toEqual([]);
});

it("is gone on with by a visitor who comes in its middle", async () => {
  const { lexey, visitor, handle } = await start();
  const first = await visitor.stream(handle);
  lexey.delta("Good ");
  await first.until("some text", isChunk);
  first.close();
  const second = await visitor.stream(handle);
  expect(await second.snapshot()).toMatchObject({
    state: "responding",
    partial: { text: "Good " },
  });
  lexey.delta("morning.");
  lexey.end("Good morning.");
  await second.until("the end", ({ event }) => event === "message:complete");

  expect(tile(second)).toEqual({ text: "Good morning.", isGapless: true });
});

it("costs the platform one request to open, one to ask, and none for who only watches", async () => {
  const { lexey, visitor, handle } = await start();
  const stream = await visitor.stream(handle);
  await stream.snapshot();
  const before = lexey.paths.length;
  lexey.delta("Good morning.");
  lexey.end("Good morning.");
  await stream.until("the end", ({ event }) => event === "message:complete");

  expect(lexey.paths.filter((path) => path.startsWith("POST"))).toEqual([
    "POST /api/v1/customer/conversations",
    "POST /api/v1/customer/conversations/550e8400-e29b-41d4-a716-446655440000/messages",
  ]);
  expect(lexey.paths).toHaveLength(before);
});

it("is ended by a proxy that closes, and keeps nothing open", async () => {
  const { lexey, proxy } = await start();
  lexey.delta("Good ");
  await proxy.close();
  await eventually("the end of its reader", () => lexey.cut.length === 1 || undefined);
});

it("costs one read of its history in the list of conversations", async () => {
  const { lexey, visitor, handle } = await start();
  lexey.end("Good morning.");
  const list = () => visitor.request<ConversationsResponse>(`?ids=${handle}`);
  const idle = await eventually("the answer's end", async () => {
    const [line] = (await list()).body.conversations;
    return line?.state === "idle" ? line : undefined;
  });
  expect(idle).toMatchObject({ title: "Hello?", lastMessage: { content: "Good morning." } });
  await eventually("nothing else reads it", async () => {
    const before = lexey.paths.length;
    await list();
    return lexey.paths.length === before + 1 || undefined;
  });
});
