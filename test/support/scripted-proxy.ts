/** The built widget on a page, over a proxy whose every answer a test chooses: any state, at once. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express, { type Response } from "express";
import { ProxyError, toProblem } from "../../proxy/errors.ts";
import type {
  ConversationEvent,
  ConversationsResponse,
  ErrorCode,
  EventMap,
  EventName,
  Message,
  ReplyRequest,
  ReplyResponse,
} from "../../proxy/protocol.ts";
import { encodeEvent, SSE_HEADERS } from "../../proxy/relay/sse.ts";
import { assetRoutes } from "../../proxy/routes/assets.ts";
import { buildWidget } from "./build-widget.ts";
import { closeLater } from "./close-later.ts";

type Snapshot = EventMap["conversation:init"];

const EMPTY: Snapshot = {
  state: "idle",
  status: "active",
  messages: [],
  partial: null,
  hasMore: false,
};

export type ScriptedProxy = {
  url: string;
  /** What the next page is like. */
  page: { html?: string; body?: string; script?: string };
  /** What a stream begins with, from the next one on; each message sent is added. */
  snapshot: Snapshot;
  /** Why messages are refused; null: they are taken. */
  refusal: ErrorCode | null;
  /** Sends to every open stream; waits for the first. */
  emit: <Name extends EventName>(event: Name, data: EventMap[Name]) => Promise<void>;
  /** As at the beginning. */
  reset: () => void;
};

/** Listens until the test file ends. The page's script has the attributes `page.script`. */
export async function startScriptedProxy(): Promise<ScriptedProxy> {
  const streams = new Set<Response>();
  const settings = () => ({
    branding: { agentName: "Marlow", primaryColor: "#1f5c4d" },
    feedback: true,
    newConversation: true,
    messageCharacters: 2000,
  });
  let count = 0;
  const app = express();

  app.get("/favicon.ico", (_request, response) => void response.status(204).end());
  app.get("/page", (_request, response) => {
    const { html = 'lang="en"', body = "", script = "" } = proxy.page;
    response.send(
      `<!doctype html><html ${html}><meta name="viewport" content="width=device-width"><title>Page</title>
<main><h1>A page</h1>${body}</main><script async src="/widget.js" ${script}></script>`,
    );
  });
  app.use(assetRoutes({ folder: buildWidget(), settings }));
  app.use(express.json());
  app.post("/api/session", (_request, response) => {
    count += 1;
    response.json({
      token: `t${count}`,
      expiresAt: "2099-01-01T00:00:00Z",
      visitorId: `v${count}`,
    });
  });
  app.post("/api/conversations/reply", ({ body }, response) => {
    count += 1;
    const { refusal, snapshot } = proxy;
    if (refusal) {
      const problem = toProblem(new ProxyError(refusal));
      return void response.status(problem.status).json(problem);
    }
    const id = `m${count}`;
    const { content } = body as ReplyRequest;
    const message: Message = { id, role: "user", content, created_at: new Date().toISOString() };
    proxy.snapshot = { ...snapshot, messages: [...snapshot.messages, message] };
    const answer: ReplyResponse = { success: true, messageId: id, conversationId: "c1" };
    return void response.status(202).json(answer);
  });
  app.get("/api/conversations/:id/stream", (request, response) => {
    response.writeHead(200, SSE_HEADERS);
    response.write(encodeEvent({ event: "conversation:init", data: proxy.snapshot }, "e-1"));
    streams.add(response);
    request.on("close", () => streams.delete(response));
  });
  app.get("/api/conversations/:id/messages", (_request, response) => {
    response.json({ messages: [], hasMore: true });
  });
  app.get("/api/conversations", (_request, response) => {
    const lastMessage = proxy.snapshot.messages.at(-1) ?? null;
    const summary = { conversationId: "c1", title: "Shipping to Austria", lastMessage };
    const answer: ConversationsResponse = { conversations: [{ ...summary, state: "idle" }] };
    response.json(answer);
  });
  app.post("/api/conversations/:id/:action", (_request, response) => {
    response.json({ stopped: true });
  });

  const server = app.listen(0, "localhost");
  await once(server, "listening");
  closeLater(() => (server.close(), server.closeAllConnections()));

  const proxy: ScriptedProxy = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    page: {},
    snapshot: EMPTY,
    refusal: null,
    async emit(event, data) {
      while (streams.size === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      count += 1;
      const text = encodeEvent({ event, data } as ConversationEvent, `e-${count + 1}`);
      for (const stream of streams) stream.write(text);
    },
    reset() {
      Object.assign(proxy, { page: {}, snapshot: EMPTY, refusal: null });
    },
  };
  return proxy;
}
