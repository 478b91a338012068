import { beforeAll, describe, expect, it } from "vitest";
import { createVisitor, PLATFORMS, type TestProxy, type Visitor } from "../../support/proxy.ts";

describe.each(PLATFORMS)("on %s an Idempotency-Key", (_name, startChat) => {
  let proxy: TestProxy;
  let visitor: Visitor;
  beforeAll(async () => {
    proxy = await startChat();
    visitor = await createVisitor(proxy.url);
  });

  const send = (content: string, key: string) =>
    visitor.reply(content, undefined, { "Idempotency-Key": key });

  it("gives the same answer again and sends nothing twice", async () => {
    const first = await send("Hello", "key-used-twice");
    const again = await send("Hello", "key-used-twice");
    expect(again).toMatchObject({ status: 202, body: first.body });
    await visitor.ask("Thanks", first.body.conversationId);
    const contents = (await visitor.messages(first.body.conversationId)).map(
      ({ content }) => content,
    );
    expect(contents.filter((content) => content === "Hello")).toHaveLength(1);
  });

  it("gives the same answer to requests at the same time", async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => send("Hello", "key-used-at-once")),
    );
    const [first] = answers;
    expect(first?.status).toBe(202);
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => first?.body));
  });

  it("is refused with another message", async () => {
    await send("Hello", "key-of-two-texts");
    expect(await send("Good evening", "key-of-two-texts")).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused", field: "Idempotency-Key", retryable: false },
    });
  });

  it("is refused with the same message in another conversation", async () => {
    const { conversationId } = await visitor.ask("Thanks");
    await send("Hello", "key-of-two-chats");
    const { status } = await visitor.reply("Hello", conversationId, {
      "Idempotency-Key": "key-of-two-chats",
    });
    expect(status).toBe(422);
  });

  it("is another one for another visitor", async () => {
    const other = await createVisitor(proxy.url);
    const mine = await send("Hello", "key-of-two-people");
    const theirs = await other.reply("Hello", undefined, {
      "Idempotency-Key": "key-of-two-people",
    });
    expect(theirs.status).toBe(202);
    expect(theirs.body.conversationId).not.toBe(mine.body.conversationId);
  });
});
