import { connect as connectSocket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { isIdle, listen } from "./listen.ts";
import { connect, startLex } from "./start.ts";

describe("GET /api/conversations/:id/stream", () => {
  test("tells the whole answer, from connected to idle", async () => {
    const lex = await startLex();
    const id = crypto.randomUUID();
    const stream = await listen(lex.url, id);
    await stream.until(({ event }) => event === "conversation:init");
    const { body } = await lex.send("Is shipping free?", id);
    const frames = await stream.until(isIdle);
    const { messages } = await lex.messages(id);
    const chunks = frames.filter(({ event }) => event === "message:chunk");

    expect(stream.response.headers.get("Content-Type")).toBe("text/event-stream");
    expect([...new Set(frames.map(({ event }) => event))]).toEqual([
      "connected",
      "conversation:init",
      "message:new",
      "conversation:state",
      "message:tool_use",
      "message:tool_result",
      "message:chunk",
      "message:complete",
    ]);
    const states = frames.filter(({ event }) => event === "conversation:state");
    expect(states.map(({ data }) => data["state"])).toEqual(["thinking", "responding", "idle"]);
    expect(frames.filter(({ event }) => event === "message:new").map(({ data }) => data)).toEqual(
      messages,
    );
    expect(messages[0]?.id).toBe(body["messageId"]);
    expect(chunks.length).toBeGreaterThan(20);
    expect(chunks.map(({ data }) => data["text"]).join("")).toBe(messages[1]?.content);
    expect(frames.find(({ event }) => event === "message:complete")?.data).toEqual(messages[1]);
  });

  test("joined in the middle tells the state and what comes later only", async () => {
    const lex = await startLex({ tokensPerSecond: 300 });
    const { body } = await lex.send("How do I clean the grinder?");
    const id = String(body["conversationId"]);
    const early = await listen(lex.url, id);
    await early.until(({ event }) => event === "message:chunk");
    const late = await listen(lex.url, id);
    const frames = await late.until(isIdle);
    const text = frames.map(({ event, data }) => (event === "message:chunk" ? data["text"] : ""));
    const { messages } = await lex.messages(id);

    expect(frames[1]?.data).toMatchObject({ state: "responding" });
    expect(messages[1]?.content.endsWith(text.join(""))).toBe(true);
    expect(text.join("").length).toBeLessThan(messages[1]?.content.length ?? 0);
  });

  test("serves several listeners the same", async () => {
    const lex = await startLex();
    const id = crypto.randomUUID();
    const streams = [await listen(lex.url, id), await listen(lex.url, id)];
    for (const stream of streams) await stream.until(({ event }) => event === "conversation:init");
    await lex.send("Is shipping free?", id);
    const [one, two] = await Promise.all(streams.map((stream) => stream.until(isIdle)));

    expect(one).toEqual(two);
  });

  test("tells another account nothing of the same id", async () => {
    const { url } = await startLex({ keys: ["lex2_one", "lex2_two"] });
    const id = crypto.randomUUID();
    const spy = await listen(url, id, "lex2_two");
    await spy.until(({ event }) => event === "conversation:init");
    await connect(url, "lex2_one").ask("Is shipping free?", id);
    const own = await connect(url, "lex2_two").call("POST", "/demo/proactive", {
      content: "Hello",
    });
    const frames = spy.frames.map(({ event }) => event);

    expect(own.status).toBe(201);
    expect(frames).toEqual(["connected", "conversation:init"]);
    const next = await Promise.race([
      spy.next(),
      new Promise((resolve) => setTimeout(resolve, 100, "nothing")),
    ]);
    expect(next).toBe("nothing");
  });
});

test("an answer is finished when nobody listens any more", async () => {
  const lex = await startLex({ tokensPerSecond: 1000 });
  const { body } = await lex.send("How do I clean the grinder?");
  const id = String(body["conversationId"]);
  const stream = await listen(lex.url, id);
  await stream.until(({ event }) => event === "message:chunk");
  stream.stop();
  await lex.settle(id);

  expect((await lex.messages(id)).messages.at(-1)?.content).toContain("Brush the burrs");
});

test("a listener that reads nothing is dropped", async () => {
  const lex = await startLex();
  const id = crypto.randomUUID();
  const socket = connectSocket(lex.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write(
    `GET /api/conversations/${id}/stream HTTP/1.1\r\nHost: lex\r\nAuthorization: Bearer lex2_demo\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const content = "x".repeat(900_000);
  // Far more than what the kernel holds for both ends.
  for (let count = 0; count < 20; count++) {
    await lex.call("POST", "/demo/proactive", { content, conversationId: id });
  }
  let received = 0;
  socket.on("data", (data: Buffer) => (received += data.length));
  socket.on("error", () => {});
  socket.resume();
  await closed;

  expect(received).toBeLessThan(20 * content.length);
});

test("closing the platform ends the streams and the answers", async () => {
  const lex = await startLex({ thinkingMs: 60_000 });
  const id = crypto.randomUUID();
  const stream = await listen(lex.url, id);
  await stream.until(({ event }) => event === "conversation:init");
  await lex.send("Hello", id);
  await lex.close();

  await stream.until(isIdle);
  expect(await stream.next()).toBeUndefined();
  await expect(fetch(lex.url)).rejects.toThrow();
});
