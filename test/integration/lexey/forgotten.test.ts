/** A Lexey that breaks an answer off and keeps nothing of it, not even the question. */
import { expect, it } from "vitest";
import { createVisitor, lexeyAt, startProxy } from "../../support/proxy.ts";
import { startLexey } from "../management/owners.ts";
import { json } from "../proxy/upstream.ts";
import { FAST_TIMES } from "../relay/broken-chat.ts";

it.each([
  ["a connection that ends", ""],
  ["a chunk of a wrong size", "-5\r\nhello"],
  ["a chunk of terabytes", "ffffffffffff\r\nhello"],
  ["events that are none", "5\r\nhello\r\n0\r\n\r\n"],
])("an answer of %s ends in one error", async (_name, bytes) => {
  const head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  const { url } = await startLexey((response, { method, url: path = "" }) => {
    if (method === "GET") return json(response, 200, { messages: [] });
    if (!path.endsWith("/messages")) return json(response, 201, { conversationId: "c1" });
    response.socket?.end(head + bytes);
  });
  const proxy = await startProxy(url, lexeyAt(url), { relayTimes: FAST_TIMES });
  const visitor = await createVisitor(proxy.url);
  const { body } = await visitor.reply("Where is my order?");
  const stream = await visitor.stream(body.conversationId);
  await stream.until("rest", ({ event }) => event === "error");
  expect(stream.all("error")).toMatchObject([{ code: "answer_lost", retryable: true }]);
});
