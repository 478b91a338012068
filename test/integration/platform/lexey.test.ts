import { describe, expect, test } from "vitest";
import {
  connectLexey,
  payloadsOf,
  readEvents,
  startLexey,
  textOf,
  toAnswer,
  type Api,
} from "./lexey.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each<Api>(["customer", "management"])("the %s API", (api) => {
  const startApi = async () => {
    const platform = await startLexey();
    return { ...platform, ...connectLexey(platform.url, api) };
  };

  test("opens a conversation, without a body and without a content type", async () => {
    const { base, headers } = await startApi();
    const { status, body } = await toAnswer(
      await fetch(base, { method: "POST", headers: { Authorization: headers.Authorization } }),
    );

    expect(status).toBe(201);
    expect(body).toEqual({ conversationId: expect.stringMatching(UUID) });
  });

  test("streams an answer, its events numbered from 1 without a gap, and keeps it", async () => {
    const lexey = await startApi();
    const id = await lexey.create();
    const response = await lexey.send(id, "Hello");
    const events = await readEvents(response);

    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toBe("text/event-stream");
    expect(events.map((event) => Number(event.id))).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.data).toBe("[DONE]");
    expect(textOf(events).length).toBeGreaterThan(5);
    expect(await lexey.history(id)).toEqual([
      { role: "user", content: "Hello", createdAt: expect.stringMatching(/T\S+\.\d{3}Z$/) },
      { role: "assistant", content: textOf(events), createdAt: expect.stringMatching(/\.\d{3}Z$/) },
    ]);
  });
});

describe("keys", () => {
  const call = async (api: Api, key: string | undefined) => {
    const { url } = await startLexey();
    const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
    const path = `${url}/api/v1/${api}/conversations`;
    return toAnswer(await fetch(path, { method: "POST", headers }));
  };

  test.each<[number, Api, string | undefined]>([
    [401, "customer", undefined],
    [401, "customer", "lxc_unknown"],
    [401, "customer", "lex2_demo"],
    [403, "customer", "lxm_demo"],
    [401, "management", undefined],
    [401, "management", "lxm_unknown"],
    [403, "management", "lxc_demo"],
  ])("are refused with %i on the %s API: %s", async (status, api, key) => {
    const answer = await call(api, key);

    expect(answer.status).toBe(status);
    expect(answer.body["error"]).toEqual(expect.any(String));
  });

  test("do not open what belongs to another key, nor to the other API", async () => {
    const { url, create } = await startLexey({ customerKeys: ["lxc_demo", "lxc_other"] });
    const id = await create();
    const others = [
      connectLexey(url, "customer", "lxc_other"),
      connectLexey(url, "management", "lxm_demo"),
    ];

    for (const { base, headers, refusal } of others) {
      expect((await refusal(id, "Hello")).status).toBe(404);
      expect((await fetch(`${base}/${id}/messages`, { headers })).status).toBe(404);
    }
  });
});

describe("a message", () => {
  test.each([
    ["nothing", undefined],
    ["no message", {}],
    ["an empty one", { message: " " }],
    ["one that is no string", { message: 5 }],
    ["Lex's field", { content: "Hello" }],
    ["no JSON", "{"],
  ])("is refused with 400 when the body holds %s", async (_case, body) => {
    const lexey = await startLexey();
    const id = await lexey.create();

    expect((await toAnswer(await lexey.post(`/${id}/messages`, body))).status).toBe(400);
    expect(await lexey.history(id)).toEqual([]);
  });

  test("may be as long as the limit, and is refused with 400 beyond it", async () => {
    const lexey = await startLexey({ maxMessageCharacters: 5 });
    const id = await lexey.create();

    expect((await lexey.ask(id, "Hello")).at(-1)?.data).toBe("[DONE]");
    const { status, body } = await lexey.refusal(id, "Hello!");
    expect(status).toBe(400);
    expect(body["error"]).toContain("6 characters, at most 5");
  });

  test("is refused with 404 in a conversation that was not opened", async () => {
    const lexey = await startLexey();

    expect((await lexey.refusal(crypto.randomUUID(), "Hello")).status).toBe(404);
  });

  test("is refused with 409 while an answer is written", async () => {
    const lexey = await startLexey({ thinkingMs: 60_000 });
    const id = await lexey.create();
    const first = await lexey.send(id, "Hello");

    expect(first.status).toBe(200);
    expect((await lexey.refusal(id, "Hello?")).status).toBe(409);
    expect(await lexey.history(id)).toHaveLength(1);
  });

  test("is accepted as soon as the [DONE] of the one before was read", async () => {
    const lexey = await startLexey();
    const id = await lexey.create();

    for (let count = 1; count <= 5; count += 1) {
      expect((await lexey.ask(id, "Hello")).at(-1)?.data).toBe("[DONE]");
    }
  });

  test("is refused with 429 when the conversation is full; another conversation is not", async () => {
    const lexey = await startLexey({ messagesPerConversation: 2 });
    const id = await lexey.create();
    await lexey.ask(id, "Hello");
    await lexey.ask(id, "Hello");

    expect((await lexey.refusal(id, "Hello")).status).toBe(429);
    expect(await lexey.history(id)).toHaveLength(4);
    expect((await lexey.send(await lexey.create(), "Hello")).status).toBe(200);
  });

  test("is refused with 402 when the key's credits are used up, in every conversation", async () => {
    const lexey = await startLexey({ credits: 1 });
    const id = await lexey.create();
    await lexey.ask(id, "Hello");

    expect((await lexey.refusal(id, "Hello")).status).toBe(402);
    expect((await lexey.refusal(await lexey.create(), "Hello")).status).toBe(402);
    const manager = connectLexey(lexey.url, "management");
    expect((await manager.send(await manager.create(), "Hello")).status).toBe(200);
  });
});

test("an answer is written to its end and kept when nobody reads it any more", async () => {
  const lexey = await startLexey({ tokensPerSecond: 300 });
  const id = await lexey.create();
  const response = await lexey.send(id, "Is shipping free?");
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await expect.poll(() => lexey.history(id)).toHaveLength(2);

  expect((await lexey.history(id))[1]?.content).toContain("€49");
});

test("an agent that has no model any more tells an error, and [DONE]", async () => {
  const llm = { baseUrl: "http://127.0.0.1:9", apiKey: "sk-secret", model: "m" };
  const lexey = await startLexey({ llm });
  const id = await lexey.create();
  const events = await lexey.ask(id, "Is shipping free?");

  expect(payloadsOf(events)).toEqual([
    { type: "error", message: expect.stringContaining("something went wrong") },
  ]);
  expect(events.map((event) => event.id)).toEqual(["1", "2"]);
  expect(await lexey.history(id)).toHaveLength(1);
});
