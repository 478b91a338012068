import { expect, test } from "vitest";
import { listen } from "./listen.ts";
import { startLex } from "./start.ts";

const PATH = "/demo/proactive";

test("Lex opens a conversation of its own accord", async () => {
  const lex = await startLex();
  const { status, body } = await lex.call("POST", PATH, {
    content: "Your beans are on their way.",
  });
  const { body: list } = await lex.call("GET", "/api/conversations");

  expect(status).toBe(201);
  expect(list["conversations"]).toEqual([
    expect.objectContaining({ id: body["conversationId"], title: "Your beans are on their way." }),
  ]);
});

test("Lex adds to a conversation, and its listeners hear it", async () => {
  const lex = await startLex();
  const { conversationId } = await lex.ask("Where is my order?");
  const stream = await listen(lex.url, conversationId);
  await stream.until(({ event }) => event === "conversation:init");
  const content = "It has just left.";
  const { body } = await lex.call("POST", PATH, { content, conversationId });
  const frame = await stream.next();

  expect(frame).toMatchObject({
    event: "message:new",
    data: { id: body["messageId"], role: "assistant", content },
  });
  expect((await lex.messages(conversationId)).messages.at(-1)?.content).toBe(content);
});

test("a conversation that Lex opened is not the default one", async () => {
  const lex = await startLex();
  const { body } = await lex.call("POST", PATH, { content: "Hello" });

  expect((await lex.ask("Hi")).conversationId).not.toBe(body["conversationId"]);
});

test.each([[{}], [{ content: " " }], [{ content: "Hi", conversationId: 5 }]])(
  "%j is refused with 400",
  async (body) => {
    const lex = await startLex();

    expect((await lex.call("POST", PATH, body)).status).toBe(400);
  },
);
