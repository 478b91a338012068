/** The list of conversations while the platform can't give all of them. */
import { expect, it } from "vitest";
import type { ConversationsResponse } from "../../../proxy/protocol.ts";
import { createVisitor, startProxy } from "../../support/proxy.ts";
import { json, startUpstream, type Handler } from "./upstream.ts";

/** A visitor with two conversations. `conversation` answers for the first of them. */
async function start(conversation: Handler) {
  const upstream = await startUpstream();
  const proxy = await startProxy(upstream.url);
  const visitor = await createVisitor(proxy.url);
  const [first, second] = [(await visitor.reply("One")).body, (await visitor.reply("Two")).body];
  const handles = [first.conversationId, second.conversationId];
  const id = Buffer.from(handles[0]?.split(".")[0] ?? "", "base64url").toString();
  upstream.routes.conversation = (exchange, own) =>
    exchange.request.url?.includes(id)
      ? conversation(exchange, own)
      : upstream.standard.conversation(exchange, own);
  const list = (wanted: readonly string[]) =>
    visitor.request<ConversationsResponse>(`?ids=${wanted.join(",")}`);
  return { handles, list };
}

it("is refused when the platform is away: an empty one would say that there are none", async () => {
  const { handles, list } = await start(({ response }) => json(response, 503, {}));
  const { status, body } = await list(handles.slice(0, 1));
  expect([status, body]).toMatchObject([502, { code: "platform_unavailable", retryable: true }]);
});

it("leaves out one that can't be read beside one that can", async () => {
  const { handles, list } = await start(({ response }) => json(response, 503, {}));
  const { status, body } = await list(handles);
  expect(status).toBe(200);
  expect(body.conversations).toMatchObject([{ conversationId: handles[1] }]);
});

it("is empty when the platform no longer has it", async () => {
  const { handles, list } = await start(({ response }) => json(response, 404, {}));
  expect(await list(handles.slice(0, 1))).toMatchObject({
    status: 200,
    body: { conversations: [] },
  });
});

it("has the beginning of a long title and of a long last message", async () => {
  const long = "😀".repeat(5000);
  const message = {
    id: "m1",
    role: "assistant",
    content: long,
    created_at: "2026-03-01T12:00:00Z",
  };
  const { handles, list } = await start(({ response }) =>
    json(response, 200, { title: `a${long}`, messages: [message] }),
  );
  const { body } = await list(handles.slice(0, 1));
  expect(body.conversations).toMatchObject([
    { title: `a${"😀".repeat(39)}`, lastMessage: { ...message, content: "😀".repeat(100) } },
  ]);
});
