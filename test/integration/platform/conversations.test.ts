import { describe, expect, test } from "vitest";
import { startLex } from "./start.ts";

const contents = ({ messages }: { messages: { content: string }[] }) =>
  messages.map(({ content }) => content);

/** A conversation of the messages m1 … m6, without answers between. */
async function startWithSix() {
  const lex = await startLex();
  const id = crypto.randomUUID();
  const ids: string[] = [];
  for (const content of ["m1", "m2", "m3", "m4", "m5", "m6"]) {
    const { body } = await lex.call("POST", "/demo/proactive", { content, conversationId: id });
    ids.push(String(body["messageId"]));
  }
  return { lex, id, ids };
}

describe("GET /api/conversations/:id/messages", () => {
  test("gives both sides in order, in the shape of the document", async () => {
    const lex = await startLex();
    const { conversationId, messageId } = await lex.ask("Is shipping free?");

    expect(await lex.messages(conversationId)).toEqual({
      messages: [
        {
          id: messageId,
          role: "user",
          content: "Is shipping free?",
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        },
        {
          id: expect.any(String),
          role: "assistant",
          content: expect.stringContaining("€49"),
          created_at: expect.any(String),
        },
      ],
      hasMore: false,
    });
  });

  test.each<[string, (ids: string[]) => string, string[], boolean]>([
    ["everything", () => "", ["m1", "m2", "m3", "m4", "m5", "m6"], false],
    ["the newest by limit", () => "?limit=2", ["m5", "m6"], true],
    ["exactly all by limit", () => "?limit=6", ["m1", "m2", "m3", "m4", "m5", "m6"], false],
    ["what came since", (ids) => `?since=${ids[3]}`, ["m5", "m6"], false],
    ["the oldest since, by limit", (ids) => `?since=${ids[1]}&limit=2`, ["m3", "m4"], true],
    ["nothing since the last", (ids) => `?since=${ids[5]}`, [], false],
    ["what came before", (ids) => `?before=${ids[2]}`, ["m1", "m2"], false],
    ["the newest before, by limit", (ids) => `?before=${ids[4]}&limit=2`, ["m3", "m4"], true],
    ["nothing before the first", (ids) => `?before=${ids[0]}`, [], false],
    ["what is between", (ids) => `?since=${ids[0]}&before=${ids[4]}`, ["m2", "m3", "m4"], false],
  ])("gives %s", async (_case, toQuery, expected, hasMore) => {
    const { lex, id, ids } = await startWithSix();
    const page = await lex.messages(id, toQuery(ids));

    expect(contents(page)).toEqual(expected);
    expect(page.hasMore).toBe(hasMore);
  });

  test.each([
    "limit=0",
    "limit=-1",
    "limit=x",
    "limit=1001",
    "limit=",
    "since=unknown",
    "before=x",
  ])("refuses %s with 400", async (query) => {
    const { lex, id } = await startWithSix();
    const { status, body } = await lex.call("GET", `/api/conversations/${id}/messages?${query}`);

    expect(status).toBe(400);
    expect(body["error"]).toContain(query.split("=")[0]);
  });

  test("does not take a message of another conversation for since", async () => {
    const { lex, id } = await startWithSix();
    const { messageId } = await lex.ask("Hello");

    const { status } = await lex.call(
      "GET",
      `/api/conversations/${id}/messages?since=${messageId}`,
    );
    expect(status).toBe(400);
  });

  test("is 404 for a conversation that nobody has", async () => {
    const lex = await startLex();

    expect(
      (await lex.call("GET", `/api/conversations/${crypto.randomUUID()}/messages`)).status,
    ).toBe(404);
  });
});

describe("GET /api/conversations", () => {
  test("lists the most recently updated first, titled by their first message", async () => {
    const lex = await startLex();
    const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
    await lex.ask("Is shipping free?", one);
    await lex.ask(`What   are your\nopening hours ${"and days ".repeat(20)}?`, two);
    await lex.ask("and to Norway?", one);
    const { body } = await lex.call("GET", "/api/conversations");

    expect(body["conversations"]).toEqual([
      {
        id: one,
        title: "Is shipping free?",
        status: "active",
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
      expect.objectContaining({
        id: two,
        title: "What are your opening hours and days and days and days and…",
      }),
    ]);
  });

  test("shows when a person was asked for", async () => {
    const lex = await startLex();
    await lex.ask("Can I talk to a human?");
    const { body } = await lex.call("GET", "/api/conversations");

    expect(body["conversations"]).toEqual([expect.objectContaining({ status: "escalated" })]);
  });
});

test("GET /api/conversations/:id gives the metadata and a page of messages", async () => {
  const { lex, id, ids } = await startWithSix();
  const { body } = await lex.call("GET", `/api/conversations/${id}?limit=2&before=${ids[4]}`);

  expect(body).toMatchObject({ id, title: "m1", status: "active", hasMore: true });
  expect(contents(body as { messages: { content: string }[] })).toEqual(["m3", "m4"]);
});

test("GET /api/conversations/:id/status is active while there is an answer under way", async () => {
  const lex = await startLex({ thinkingMs: 60_000 });
  const id = crypto.randomUUID();
  await lex.call("POST", "/demo/proactive", { content: "Hello!", conversationId: id });
  const status = async () => (await lex.call("GET", `/api/conversations/${id}/status`)).body;

  expect(await status()).toEqual({ active: false, state: null });
  await lex.send("Hi", id);
  expect(await status()).toEqual({ active: true, state: "thinking" });
});
