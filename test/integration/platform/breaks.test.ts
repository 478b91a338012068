import { describe, expect, test } from "vitest";
import type { Breaks, PlatformOptions } from "../../../demo/platform/index.ts";
import { isIdle, listen } from "./listen.ts";
import { openRaw } from "./raw.ts";
import { startLex, type Lex } from "./start.ts";

/** A conversation's stream. HTTP/1.0: the body is not chunked, so what comes is what was written. */
function openStream(port: number, id: string) {
  const path = `/api/conversations/${id}/stream`;
  return openRaw(
    port,
    `GET ${path} HTTP/1.0\r\nHost: lex\r\nAuthorization: Bearer lex2_demo\r\n\r\n`,
  );
}

/** An answer, and the stream that listened from before the question. */
async function hear(options: PlatformOptions) {
  const lex = await startLex(options);
  const id = crypto.randomUUID();
  const stream = openStream(lex.port, id);
  await stream.until("conversation:init");
  const { body } = await lex.send("Is shipping free?", id);
  expect(body["conversationId"]).toBe(id);
  return { lex, id, stream };
}

const answerOf = async (lex: Lex, id: string) => (await lex.messages(id)).messages.at(-1);

describe("fault", () => {
  test.each([
    ["end", "end"],
    ["reset", "ECONNRESET"],
  ] as const)("%s breaks the stream off in the middle of an event", async (fault, how) => {
    const { stream } = await hear({ fault, faultAfter: 6 });

    expect(await stream.ended).toBe(how);
    const text = stream.bytes().toString();
    expect(text.match(/\n\n/g)).toHaveLength(6);
    expect(text.endsWith("\n\n")).toBe(false);
  });

  test("stall writes nothing for as long as is asked, and then everything", async () => {
    const { lex, id, stream } = await hear({ fault: "stall", faultAfter: 4, stallMs: 300 });
    await lex.settle(id);
    const content = (await answerOf(lex, id))?.content ?? "";
    expect(stream.bytes().toString()).not.toContain("message:complete");
    await stream.until("message:complete");

    expect(stream.bytes().toString()).toContain(JSON.stringify(content));
  });

  test("huge makes one event of ten megabytes", async () => {
    const lex = await startLex({ fault: "huge", faultAfter: 5 });
    const id = crypto.randomUUID();
    const stream = await listen(lex.url, id);
    await stream.until(({ event }) => event === "conversation:init");
    await lex.send("Is shipping free?", id);
    const frames = await stream.until(({ data }) => "filler" in data);

    expect(frames).toHaveLength(6);
    expect(String(frames[5]?.data["filler"])).toHaveLength(10 * 1024 * 1024);
  });

  test("invalid puts bytes that are no UTF-8 into one event", async () => {
    const { stream } = await hear({ fault: "invalid", faultAfter: 7 });
    await stream.until("message:complete");
    const decoder = new TextDecoder("utf-8", { fatal: true });

    expect(() => decoder.decode(stream.bytes())).toThrow(TypeError);
    expect(stream.bytes().toString()).toMatch(/message:chunk\ndata: .*\uFFFD/);
  });
});

test("pieceBytes cuts a stream anywhere and loses nothing", async () => {
  const { lex, id, stream } = await hear({ pieceBytes: 3, tokensPerSecond: 1000 });
  await stream.until("message:complete");
  await lex.settle(id);

  expect(stream.bytes().toString()).toContain(JSON.stringify(await answerOf(lex, id)));
  const body = stream.pieces.slice(1).filter(({ length }) => length === 3);
  expect(body.length).toBeGreaterThan(20);
});

test("copies writes each event as often as asked", async () => {
  const lex = await startLex({ copies: 3 });
  const id = crypto.randomUUID();
  const stream = await listen(lex.url, id);
  await stream.until(({ event }) => event === "conversation:init");
  await lex.send("Is shipping free?", id);
  const frames = await stream.until(isIdle);
  const news = frames.filter(({ event }) => event === "message:new");

  expect(news).toHaveLength(6);
  expect(new Set(news.map(({ data }) => data["id"])).size).toBe(2);
});

test("order swapped lets every second event overtake the one before it", async () => {
  const lex = await startLex({ order: "swapped" });
  const stream = await listen(lex.url, crypto.randomUUID());
  await stream.next();
  await stream.next();

  expect(stream.frames.map(({ event }) => event)).toEqual(["conversation:init", "connected"]);
});

describe("end", () => {
  test("untold keeps an answer and says that it is idle, no more", async () => {
    const lex = await startLex({ end: "untold" });
    const id = crypto.randomUUID();
    const stream = await listen(lex.url, id);
    await lex.send("Is shipping free?", id);
    const events = (await stream.until(isIdle)).map(({ event }) => event);

    expect(events.filter((event) => event === "message:new")).toHaveLength(1);
    expect(events).not.toContain("message:complete");
    expect((await answerOf(lex, id))?.role).toBe("assistant");
  });

  test.each([
    ["stuck", 2],
    ["never", 1],
  ] as const)("%s stays busy, with %d messages, until it is mended", async (end, messages) => {
    const lex = await startLex({ end });
    const { body } = await lex.send("Hello");
    const id = String(body["conversationId"]);
    await expect.poll(async () => (await lex.messages(id)).messages.length).toBe(messages);
    const status = () => lex.call("GET", `/api/conversations/${id}/status`);
    await expect
      .poll(async () => (await status()).body)
      .toEqual({ active: true, state: "responding" });
    expect((await lex.send("Hello?", id)).status).toBe(409);

    lex.misbehave({ end: "told" });
    await lex.settle(id);
    expect((await lex.messages(id)).messages).toHaveLength(2);
  });
});

test("history partial shows an answer while it is written", async () => {
  const lex = await startLex({ history: "partial", end: "never" });
  const { body } = await lex.send("Is shipping free?");
  const id = String(body["conversationId"]);
  await expect.poll(async () => (await answerOf(lex, id))?.role).toBe("assistant");
  const partial = await answerOf(lex, id);
  const { messages } = await lex.messages(id, `?since=${String(body["messageId"])}&limit=1`);
  expect(messages.map((message) => message.id)).toEqual([partial?.id]);
  expect((await lex.messages(id, `?since=${partial?.id}`)).messages).toEqual([]);
  expect((await lex.messages(id, "?limit=1")).messages).toHaveLength(1);

  lex.misbehave({ end: "told" });
  await lex.settle(id);
  expect((await answerOf(lex, id))?.id).toBe(partial?.id);
});

describe("calls", () => {
  test.each([
    ["reply", 503, 200],
    ["messages", 202, 503],
    ["all", 503, 503],
  ] as const)("fail %s answers them with 503", async (fail, reply, messages) => {
    const lex = await startLex();
    const { conversationId } = await lex.ask("Hello");
    lex.misbehave({ fail });

    expect((await lex.send("Hello", conversationId)).status).toBe(reply);
    const path = `/api/conversations/${conversationId}/messages`;
    expect((await lex.call("GET", path)).status).toBe(messages);
  });

  test("reply lost takes a message and resets the connection", async () => {
    const lex = await startLex({ reply: "lost" });
    const id = crypto.randomUUID();
    await expect(lex.send("Hello", id)).rejects.toThrow("fetch failed");
    await lex.settle(id);

    expect((await lex.messages(id)).messages[0]?.content).toBe("Hello");
  });

  test("streamType html answers a stream with a page", async () => {
    const lex = await startLex({ streamType: "html" });
    const { response } = await listen(lex.url, crypto.randomUUID());

    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toMatch("text/html");
  });
});

describe("while it runs", () => {
  test("POST /demo/misbehave breaks it and mends it", async () => {
    const lex = await startLex();
    expect((await lex.call("POST", "/demo/misbehave", { fail: "all" })).status).toBe(200);
    expect((await lex.send("Hello")).status).toBe(503);
    await lex.call("POST", "/demo/misbehave", { fail: "none" });

    expect((await lex.send("Hello")).status).toBe(202);
  });

  test("what can't be is refused with name, value and fix, and changes nothing", async () => {
    const lex = await startLex();
    const { status, body } = await lex.call("POST", "/demo/misbehave", {
      fail: "all",
      copies: 0,
      colour: "red",
    });

    expect(status).toBe(400);
    expect(body["error"]).toContain("copies (is 0): give a whole number from 1 to 10");
    expect(body["error"]).toContain("colour: no such option");
    expect((await lex.send("Hello")).status).toBe(202);
    expect(() => lex.misbehave({ breakRate: 2 })).toThrow("breakRate (is 2): give a number");
  });

  test("refuseMs cuts connections and refuses new ones for a while; answers go on", async () => {
    const lex = await startLex({ tokensPerSecond: 200 });
    const { body } = await lex.send("Is shipping free?");
    const id = String(body["conversationId"]);
    const stream = openStream(lex.port, id);
    await stream.until("conversation:init");
    lex.misbehave({ refuseMs: 200 });

    expect(await stream.ended).toMatch(/end|ECONNRESET/);
    await expect(lex.send("Hello")).rejects.toThrow("fetch failed");
    await expect.poll(() => lex.messages(id).catch(() => null)).not.toBeNull();
    await lex.settle(id);
    expect((await lex.messages(id)).messages).toHaveLength(2);
  });

  test("restartMs forgets what the database has not: an answer under way", async () => {
    const lex = await startLex({ end: "never" });
    const { body } = await lex.send("Is shipping free?");
    const id = String(body["conversationId"]);
    lex.misbehave({ end: "told", restartMs: 50 });
    await expect.poll(() => lex.messages(id).catch(() => null)).not.toBeNull();
    await lex.settle(id);

    expect((await lex.messages(id)).messages.map(({ role }) => role)).toEqual(["user"]);
    expect((await lex.ask("Is shipping free?", id)).answer).toContain("free");
  });

  test("closing a platform that is away leaves nothing behind", async () => {
    const lex = await startLex();
    lex.misbehave({ refuseMs: 60_000 });
    await lex.close();

    await expect(fetch(lex.url)).rejects.toThrow("fetch failed");
  });
});

describe("breakRate", () => {
  /** How each of many calls ended, one after the other. */
  async function outcomes(breaks: Partial<Breaks>) {
    const lex = await startLex(breaks);
    const statuses: Array<number | "reset"> = [];
    for (let count = 0; count < 60; count += 1) {
      const answer = await lex.call("GET", "/api/conversations").catch(() => null);
      statuses.push(answer?.status ?? "reset");
    }
    return statuses;
  }

  test("breaks calls in each way, and the same seed in the same way", async () => {
    const first = await outcomes({ breakRate: 0.3, breakSeed: 7 });

    expect(new Set(first)).toEqual(new Set([200, 503, "reset"]));
    expect(await outcomes({ breakRate: 0.3, breakSeed: 7 })).toEqual(first);
    expect(await outcomes({ breakRate: 0.3, breakSeed: 8 })).not.toEqual(first);
  });
});
