import { describe, expect, test } from "vitest";
import { MISBEHAVIOURS } from "../../../demo/platform/misbehaviour.ts";
import { listen } from "./listen.ts";
import { startLex } from "./start.ts";

describe("unknownConversation", () => {
  test("404 refuses a message to a conversation that nobody has", async () => {
    const lex = await startLex({ unknownConversation: "404" });

    expect((await lex.send("Hello", crypto.randomUUID())).status).toBe(404);
    expect((await lex.send("Hello")).status).toBe(202);
  });

  test("default sends it silently to the default conversation", async () => {
    const lex = await startLex({ unknownConversation: "default" });
    const { conversationId } = await lex.ask("Hello");
    const unknown = crypto.randomUUID();
    const { status, body } = await lex.send("Is shipping free?", unknown);

    expect(status).toBe(202);
    expect(body["conversationId"]).toBe(conversationId);
    expect((await lex.call("GET", `/api/conversations/${unknown}`)).status).toBe(404);
  });

  test("default opens the default conversation when there is none yet", async () => {
    const lex = await startLex({ unknownConversation: "default" });
    const { body } = await lex.send("Is shipping free?", crypto.randomUUID());
    await lex.settle(body["conversationId"]);

    expect((await lex.send("Hello")).body["conversationId"]).toBe(body["conversationId"]);
  });
});

test("streamBeforeFirstMessage 404 refuses a stream until there is a message", async () => {
  const lex = await startLex({ streamBeforeFirstMessage: "404" });
  const id = crypto.randomUUID();

  expect((await lex.call("GET", `/api/conversations/${id}/stream`)).status).toBe(404);
  await lex.send("Hello", id);
  expect((await listen(lex.url, id)).response.status).toBe(200);
});

test("messageId absent leaves it out of the 202, as the document's sample does", async () => {
  const lex = await startLex({ messageId: "absent" });

  expect((await lex.send("Hello")).body).toEqual({
    success: true,
    conversationId: expect.any(String),
  });
});

test.each(MISBEHAVIOURS.framing)("framing %s carries a whole answer", async (framing) => {
  const lex = await startLex({ framing });
  const id = crypto.randomUUID();
  const stream = await listen(lex.url, id);
  const nameOf = ({ event, data }: { event: string | undefined; data: Record<string, unknown> }) =>
    event ?? data["type"] ?? data["event"];
  await stream.until((frame) => nameOf(frame) === "conversation:init");
  await lex.send("Is shipping free?", id);
  const frames = await stream.until((frame) => nameOf(frame) === "message:complete");
  const text = frames
    .filter((frame) => nameOf(frame) === "message:chunk")
    .map(({ data }) => (framing === "named" ? data["text"] : (data["token"] ?? data["data"])));

  expect(text.join("")).toBe((await lex.messages(id)).messages[1]?.content);
});
