/** A conversation of Lexey that has grown until its history, which has no pages, is more than the proxy reads. */
import { expect, it } from "vitest";
import type { ConversationsResponse } from "../../../proxy/protocol.ts";
import { createVisitor, lexeyAt, startProxy } from "../../support/proxy.ts";
import { startLexey } from "../management/owners.ts";
import { json } from "../proxy/upstream.ts";

const createdAt = new Date(0).toISOString();
const LONG = [
  { role: "user", content: "Tell me all", createdAt },
  { role: "assistant", content: "x".repeat(8 * 1024 * 1024), createdAt },
];

/** Two conversations; from `grow` on the first one's history is too long. */
async function start() {
  let opened = 0;
  let isLong = false;
  const posts: string[] = [];
  const lexey = await startLexey((response, { method, url = "" }) => {
    if (method === "GET")
      return json(response, 200, { messages: isLong && url.includes("c1") ? LONG : [] });
    if (!url.endsWith("/messages"))
      return json(response, 201, { conversationId: `c${(opened += 1)}` });
    posts.push(url);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.end('id: 1\ndata: {"type":"delta","text":"Yes"}\n\nid: 2\ndata: [DONE]\n\n');
  });
  const relayTimes = { graceMs: 20, retentionMs: 20 };
  const proxy = await startProxy(lexey.url, lexeyAt(lexey.url), { relayTimes });
  const visitor = await createVisitor(proxy.url);
  const { body } = await visitor.reply("Tell me all");
  return { visitor, handle: body.conversationId, posts, grow: () => void (isLong = true) };
}

it("is full: the next message is refused, and opens another one when the visitor wants", async () => {
  const { visitor, handle, posts, grow } = await start();
  grow();
  const refused = await visitor.reply("And then?", handle);
  expect(refused).toMatchObject({ status: 429, body: { code: "conversation_full" } });
  expect(posts).toHaveLength(1);
  const next = await visitor.reply("And then?");
  expect(next.status).toBe(202);
  expect(next.body.conversationId).not.toBe(handle);
});

it("can be opened, so that there is a place to write", async () => {
  const { visitor, handle, grow } = await start();
  grow();
  const stream = await visitor.stream(handle);
  expect(await stream.snapshot()).toMatchObject({ state: "idle", messages: [] });
  const { body } = await visitor.request<ConversationsResponse>(`?ids=${handle}`);
  expect(body.conversations).toMatchObject([{ conversationId: handle, state: "idle" }]);
});
