import { describe, expect, test } from "vitest";
import { connect, startLex } from "./start.ts";

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;

describe("POST /api/conversations/reply", () => {
  test("takes a message at once and names it", async () => {
    const lex = await startLex({ thinkingMs: 60_000 });

    expect(await lex.send("Is shipping free?")).toEqual({
      status: 202,
      body: {
        success: true,
        messageId: expect.stringMatching(UUID),
        conversationId: expect.stringMatching(UUID),
      },
    });
  });

  test("without an id goes to one default conversation", async () => {
    const lex = await startLex();
    const first = await lex.ask("Is shipping free?");
    const second = await lex.ask("What are your opening hours?");

    expect(second.conversationId).toBe(first.conversationId);
    expect((await lex.messages(first.conversationId)).messages).toHaveLength(4);
  });

  test("opens a conversation for a fresh UUID", async () => {
    const lex = await startLex();
    const id = crypto.randomUUID();
    await lex.ask("Hello");

    expect((await lex.send("Is shipping free?", id)).body).toMatchObject({ conversationId: id });
  });

  test("is answered from the articles, in the light of the conversation", async () => {
    const lex = await startLex();
    const { conversationId } = await lex.ask("Tell me about the hand grinder");
    const { answer } = await lex.ask("and how much is it?", conversationId);

    expect(answer).toContain("€129");
  });

  test("refuses with 409 while the conversation is processing, not while another is", async () => {
    const lex = await startLex({ thinkingMs: 60_000 });
    const { body } = await lex.send("Hello", crypto.randomUUID());

    expect(await lex.send("Hello?", body["conversationId"])).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining("already processing") },
    });
    expect((await lex.send("Hello", crypto.randomUUID())).status).toBe(202);
  });

  test.each([
    ["no content", {}],
    ["a number as content", { content: 5 }],
    ["null as content", { content: null }],
    ["blank content", { content: " \n" }],
    ["a list as body", []],
    ["null as body", "null"],
    ["broken JSON", '{"content":'],
    ["a conversationId that is no string", { content: "Hi", conversationId: 7 }],
    ["an empty conversationId", { content: "Hi", conversationId: "" }],
    ["an endless conversationId", { content: "Hi", conversationId: "x".repeat(301) }],
  ])("refuses %s with 400", async (_case, body) => {
    const lex = await startLex();

    expect(await lex.call("POST", "/api/conversations/reply", body)).toEqual({
      status: 400,
      body: { error: expect.any(String) },
    });
  });
});

describe("a key", () => {
  const ENDPOINTS = [
    ["POST", "/api/conversations/reply"],
    ["GET", "/api/conversations"],
    ["GET", "/api/conversations/x"],
    ["GET", "/api/conversations/x/messages"],
    ["GET", "/api/conversations/x/status"],
    ["GET", "/api/conversations/x/stream"],
    ["GET", "/api/webhooks/me"],
    ["PUT", "/api/webhooks/me"],
    ["DELETE", "/api/webhooks/me"],
    ["POST", "/api/webhooks/me/test"],
    ["POST", "/demo/proactive"],
  ];

  test.each(ENDPOINTS)("is required by %s %s", async (method, path) => {
    const { url } = await startLex();
    const refused = { status: 401, body: { error: "Missing or invalid API key" } };

    expect(await connect(url, "lex2_wrong").call(method ?? "", path ?? "")).toEqual(refused);
    expect((await fetch(`${url}${path}`, { method: method ?? "" })).status).toBe(401);
  });

  test("keeps to its own account", async () => {
    const { url } = await startLex({ keys: ["lex2_one", "lex2_two"] });
    const [one, two] = [connect(url, "lex2_one"), connect(url, "lex2_two")];
    const { conversationId } = await one.ask("Is shipping free?");
    const notFound = { status: 404, body: { error: "Conversation not found" } };

    expect(await two.send("Hello", conversationId)).toEqual(notFound);
    for (const path of ["", "/messages", "/status", "/stream"]) {
      expect(await two.call("GET", `/api/conversations/${conversationId}${path}`)).toEqual(
        notFound,
      );
    }
    expect((await two.call("GET", "/api/conversations")).body).toEqual({ conversations: [] });
    expect((await two.ask("Hello")).conversationId).not.toBe(conversationId);
  });
});

test("an endpoint that does not exist is a 404 in JSON", async () => {
  const lex = await startLex();

  expect(await lex.call("GET", "/api/nothing")).toEqual({
    status: 404,
    body: { error: "No such endpoint" },
  });
});
