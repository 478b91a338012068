import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import type { StatusResponse } from "../../../proxy/protocol.ts";
import {
  closeLater,
  createVisitor,
  eventually,
  isChunk,
  isIdle,
  startPlatform,
  startProxy,
  tile,
} from "../../support/proxy.ts";
import { startUpstream, type Routes } from "./upstream.ts";

const TEXT = "Shipping is €4.90 – free from €49 😀.";

/** A conversation whose question was taken, followed by one viewer. */
async function asked(routes: Routes = {}) {
  const upstream = await startUpstream(routes);
  const proxy = await startProxy(upstream.url);
  const visitor = await createVisitor(proxy.url);
  const { body } = await visitor.reply("What does shipping cost?");
  const stream = await visitor.stream(body.conversationId);
  await stream.snapshot();
  upstream.state = "responding";

  return {
    upstream,
    proxy,
    visitor,
    stream,
    handle: body.conversationId,
    chunk: (text: string) => upstream.emit("message:chunk", { messageId: "message-2", text }),
    /** The platform has the whole answer now, whatever its stream told. */
    finish() {
      const message = upstream.add("assistant", TEXT);
      upstream.state = "idle";
      return message;
    },
    complete: async () => {
      await stream.until("the end", ({ event }) => event === "message:complete");
      return stream.all("message:complete");
    },
  };
}

describe("an answer arrives whole when", () => {
  it("the stream is HTML", async () => {
    const chat = await asked({
      stream: ({ response }) =>
        void response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Login</h1>"),
    });
    chat.finish();
    expect(await chat.complete()).toMatchObject([{ message: { content: TEXT } }]);
  });

  it("there is no stream", async () => {
    const chat = await asked({ stream: ({ response }) => void response.writeHead(404).end() });
    chat.finish();
    expect(await chat.complete()).toMatchObject([{ message: { content: TEXT } }]);
  });

  it("the stream is cut in the middle of a frame", async () => {
    const chat = await asked();
    chat.chunk("Shipping is ");
    await chat.stream.until("some text", isChunk);
    chat.upstream.write('event: message:chunk\ndata: {"messageId":"message-2","te');
    chat.finish();
    chat.upstream.cutStreams();
    expect(await chat.complete()).toMatchObject([{ message: { id: "message-2", content: TEXT } }]);
    expect(tile(chat.stream)).toEqual({ text: "Shipping is ", isGapless: true });
  });

  it("its bytes come one by one, characters cut in the middle", async () => {
    const chat = await asked();
    const frame = `event: message:chunk\ndata: {"messageId":"message-2","text":${JSON.stringify(TEXT)}}\n\n`;
    for (const byte of Buffer.from(frame)) {
      chat.upstream.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await chat.stream.until("the text", isChunk);
    chat.upstream.emit("message:complete", chat.finish());
    await chat.complete();
    expect(tile(chat.stream)).toEqual({ text: TEXT, isGapless: true });
  });

  it("the stream is cut in the middle of a character", async () => {
    const chat = await asked();
    const frame = Buffer.from(`event: message:chunk\ndata: {"text":"€`);
    chat.upstream.write(frame.subarray(0, -1));
    chat.finish();
    chat.upstream.cutStreams();
    expect(await chat.complete()).toMatchObject([{ message: { content: TEXT } }]);
    expect(chat.stream.raw()).not.toContain("\uFFFD");
  });

  it("one event has ten megabytes", async () => {
    const chat = await asked();
    chat.chunk("x".repeat(10 * 1024 * 1024));
    chat.finish();
    expect(await chat.complete()).toMatchObject([{ message: { content: TEXT } }]);
    expect(chat.stream.raw().length).toBeLessThan(100_000);
  });

  it("its end is never told", async () => {
    const chat = await asked();
    chat.chunk("Shipping");
    chat.finish();
    chat.upstream.emit("conversation:state", { state: "idle" });
    expect(await chat.complete()).toMatchObject([{ message: { id: "message-2", content: TEXT } }]);
  });

  it("neither its end is told nor that the platform is idle", async () => {
    const chat = await asked();
    chat.finish();
    expect(await chat.complete()).toMatchObject([{ message: { content: TEXT } }]);
  });

  it("its end is told before the history has it", async () => {
    const chat = await asked();
    chat.chunk("Shipping");
    chat.upstream.emit("conversation:state", { state: "idle" });
    chat.upstream.state = "idle";
    await eventually("a look into the history", () =>
      chat.upstream.requests.at(-1)?.path.includes("since") ? true : undefined,
    );
    chat.finish();
    expect(await chat.complete()).toMatchObject([{ message: { id: "message-2", content: TEXT } }]);
    expect(chat.stream.all("error")).toEqual([]);
  });

  it("pieces of it come twice, before it and after it", async () => {
    const chat = await asked();
    chat.chunk(TEXT);
    const message = chat.finish();
    for (let copy = 0; copy < 3; copy += 1) chat.upstream.emit("message:complete", message);
    chat.upstream.emit("message:new", message);
    chat.chunk("late");
    chat.upstream.emit("conversation:state", { state: "idle" });
    await chat.stream.until("idle", isIdle);
    expect(await chat.complete()).toHaveLength(1);
    expect(tile(chat.stream).text).toBe(TEXT);
    expect(chat.stream.all("message:new")).toEqual([]);
  });
});

describe("an answer", () => {
  it("is not disturbed by what can't be read", async () => {
    const chat = await asked();
    for (const garbage of [
      "data: {\n\n",
      "data: [1,2,3]\n\n",
      "event: message:chunk\ndata: {}\n\n",
      'event: message:chunk\ndata: {"text":{"__proto__":{"polluted":true}}}\n\n',
      "event: message:new\ndata: null\n\n",
      "event: message:complete\ndata: 7\n\n",
      "event: message:tool_use\ndata: nonsense\n\n",
      'event: conversation:state\ndata: {"state":"dreaming"}\n\n',
      "event: __proto__\ndata: {}\n\n",
      'event: billing:update\ndata: {"cost":1}\n\n',
      "id: 1\u0000\nretry: 99999999\n\n",
      Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x0a]),
      ":\r\r\r\n\n",
    ]) {
      chat.upstream.write(garbage);
    }
    chat.chunk(TEXT);
    await chat.stream.until("the text", isChunk);
    chat.upstream.emit("message:complete", chat.finish());
    expect((await chat.complete()).at(-1)).toMatchObject({ message: { content: TEXT } });
    expect(tile(chat.stream).text).toBe(TEXT);
    expect(chat.stream.raw()).not.toMatch(/billing|dreaming|nonsense|polluted/);
  });

  it("survives a platform that is away for a while", async () => {
    const chat = await asked();
    chat.chunk("Shipping");
    await chat.stream.until("some text", isChunk);
    const away: Routes["status"] = ({ response }) => void response.writeHead(503).end();
    Object.assign(chat.upstream.routes, { stream: away, messages: away, status: away });
    chat.upstream.cutStreams();
    await eventually("a try in vain", () =>
      chat.upstream.requests.at(-1)?.path.includes("stream") ? true : undefined,
    );
    chat.finish();
    for (const name of ["stream", "messages", "status"] as const) delete chat.upstream.routes[name];
    expect(await chat.complete()).toMatchObject([{ message: { content: TEXT } }]);
  });

  it("that the platform lost ends with an error and what the platform has, and the next one is found all the same", async () => {
    const chat = await asked();
    chat.upstream.emit("message:chunk", { messageId: "lost", text: "Shipping" });
    await chat.stream.until("some text", isChunk);
    chat.upstream.state = "idle";
    chat.upstream.cutStreams();
    await chat.stream.until("the error", ({ event }) => event === "error");
    expect(chat.stream.all("error")).toMatchObject([{ code: "answer_lost", retryable: true }]);
    expect(chat.stream.all("conversation:init").at(-1)).toMatchObject({
      state: "idle",
      messages: [{ content: "What does shipping cost?" }],
      partial: null,
    });

    chat.upstream.routes.stream = ({ response }) => void response.writeHead(404).end();
    chat.upstream.cutStreams();
    await chat.visitor.reply("And returns?", chat.handle);
    const message = chat.finish();
    await chat.stream.until(
      "the next answer",
      (seen) => seen.event === "message:complete" && seen.data.message.id === message.id,
    );
  });

  it("is the local platform's own text after that has been restarted in the middle of it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lex-chat-"));
    closeLater(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "platform.sqlite");
    const before = await startPlatform({ file, thinkingMs: 100, tokensPerSecond: 50 });
    const proxy = await startProxy(before.url);
    const visitor = await createVisitor(proxy.url);
    const { body } = await visitor.reply("What does shipping cost?");
    const stream = await visitor.stream(body.conversationId);
    await stream.until("some text", isChunk);
    await before.close();
    await startPlatform({ file, port: before.port });
    await stream.until("the end of the cut answer", isIdle);
    const { answer } = await visitor.ask("What does shipping cost?", body.conversationId);
    expect(answer.content).toContain("free from €49");
    const { body: status } = await visitor.request<StatusResponse>(
      `/${body.conversationId}/status`,
    );
    expect(status.active).toBe(false);
  });
});

describe("a proxy that was restarted in the middle of an answer", () => {
  it("shows that answer at its end, and streams the next one", async () => {
    const chat = await asked();
    const restarted = await startProxy(chat.upstream.url);
    const visitor = await createVisitor(restarted.url, { token: chat.visitor.token });
    const stream = await visitor.stream(chat.handle);
    await stream.snapshot();
    await eventually("its stream", () => (chat.upstream.streams.size === 2 ? true : undefined));
    chat.chunk(" half of a sentence");
    const message = chat.finish();
    chat.upstream.cutStreams();
    await stream.until(
      "the answer",
      (seen) => seen.event === "message:complete" && seen.data.message.id === message.id,
    );
    await stream.until("idle", isIdle);
    expect(stream.all("message:chunk")).toEqual([]);

    await visitor.reply("And returns?", chat.handle);
    chat.upstream.emit("message:chunk", { messageId: "message-4", text: "Thirty days." });
    const seen = await stream.until("the next answer's text", isChunk);
    expect(seen.data).toEqual({ messageId: "message-4", offset: 0, text: "Thirty days." });
  });
});

describe("a viewer", () => {
  it.each([
    ["can't be read", 500, "platform_unavailable", true],
    ["is gone from the platform", 404, "conversation_not_found", false],
  ])("is told when the history %s, and let go", async (_name, status, code, retryable) => {
    const chat = await asked();
    chat.upstream.routes.messages = ({ response }) => void response.writeHead(status).end("why");
    const second = await chat.visitor.stream(chat.handle);
    await second.ended();
    expect(second.all("error")).toEqual([{ code, message: expect.any(String), retryable }]);
    expect(second.all("conversation:init")).toEqual([]);
  });
});
