import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { APOLOGY } from "../../../demo/platform/agent/phrases.ts";
import { listen } from "./listen.ts";
import { receive } from "./receive.ts";
import type { Received } from "./receive.ts";
import { startLex } from "./start.ts";

type ChatRequest = {
  model: string;
  stream: boolean;
  messages: { role: string; content: string }[];
};

const toRequest = (received: Received | undefined) =>
  JSON.parse(received?.body ?? "null") as ChatRequest;

/** One frame of the streaming chat-completions protocol. */
function frame(content: string, finish: string | null = null): string {
  const choice = { index: 0, delta: content === "" ? {} : { content }, finish_reason: finish };
  const chunk = {
    id: "1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [choice],
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

const END = `${frame("", "stop")}data: [DONE]\n\n`;
const SSE = { "Content-Type": "text/event-stream" };

async function startWithModel(respond: Parameters<typeof receive>[0]) {
  const model = await receive(respond);
  const baseUrl = model.url.replace("/hook", "/v1");
  const lex = await startLex({ llm: { baseUrl, apiKey: "sk-very-secret", model: "tiny" } });
  return { lex, model };
}

describe("with a language model", () => {
  test("the articles that match reach the prompt, with the conversation", async () => {
    const { lex, model } = await startWithModel((response) =>
      response.writeHead(200, SSE).end(frame("It is €129.") + END),
    );
    await lex.ask("Tell me about the hand grinder");
    const { answer } = await lex.ask("and how much is it?");
    const request = toRequest(model.received[1]);

    expect(answer).toBe("It is €129.");
    expect(model.received[1]).toMatchObject({
      method: "POST",
      url: "/v1/chat/completions",
      headers: { authorization: "Bearer sk-very-secret" },
    });
    expect(request).toMatchObject({ model: "tiny", stream: true });
    expect(request.messages[0]?.role).toBe("system");
    expect(request.messages[0]?.content).toContain("The Marlow One costs **€129**");
    expect(request.messages.slice(1)).toEqual([
      { role: "user", content: "Tell me about the hand grinder" },
      { role: "assistant", content: "It is €129." },
      { role: "user", content: "and how much is it?" },
    ]);
  });

  test("its tokens are passed on as they come", async () => {
    let finish: () => void = () => {};
    const { lex } = await startWithModel((response) => {
      response.writeHead(200, SSE).write(frame("One"));
      finish = () => response.end(frame(" two") + END);
    });
    const id = crypto.randomUUID();
    const stream = await listen(lex.url, id);
    await stream.until(({ event }) => event === "conversation:init");
    await lex.send("Is shipping free?", id);
    const frames = await stream.until(({ event }) => event === "message:chunk");
    const names = frames.map(({ event }) => event);

    expect(names.indexOf("message:tool_use")).toBeLessThan(names.indexOf("message:chunk"));
    expect(frames.at(-1)?.data).toMatchObject({ text: "One" });
    finish();
    const { data } = (await stream.until(({ event }) => event === "message:complete")).at(-1) ?? {};
    expect(data).toMatchObject({ content: "One two" });
  });

  test("a long conversation is cut, its last question is not", async () => {
    const { lex, model } = await startWithModel((response) =>
      response.writeHead(200, SSE).end(frame("Yes.") + END),
    );
    for (let count = 0; count < 8; count++) await lex.ask(`Question ${count} ${"x".repeat(1500)}`);
    const last = `The last ${"y".repeat(9000)}`;
    await lex.ask(last);
    const before = toRequest(model.received[7]).messages.slice(1);

    expect(before.map(({ content }) => content.length).reduce((a, b) => a + b)).toBeLessThan(8001);
    expect(before.at(-1)?.content).toContain("Question 7");
    expect(toRequest(model.received[8]).messages.slice(1)).toEqual([
      { role: "user", content: last },
    ]);
  });

  test("a customer who wants a person gets one, whatever the model would say", async () => {
    const { lex, model } = await startWithModel((response) => response.writeHead(500).end());
    const { answer } = await lex.ask("Can I talk to a human?");

    expect(answer).toContain("9:00–17:00 CET");
    expect(model.received).toEqual([]);
  });
});

describe("a language model that fails", () => {
  test.each<[string, Parameters<typeof receive>[0]]>([
    ["refuses the key", (response) => response.writeHead(401).end('{"error":"sk-very-secret"}')],
    ["answers 400", (response) => response.writeHead(400).end("no")],
    ["breaks the connection", (response) => response.destroy()],
    ["says nothing", (response) => response.writeHead(200, SSE).end(END)],
    ["sends no JSON", (response) => response.writeHead(200, SSE).end("data: {oops\n\n")],
  ])("because it %s is apologised for, and the next question is taken", async (_case, respond) => {
    const { lex } = await startWithModel(respond);
    const { answer, conversationId } = await lex.ask("Is shipping free?");

    expect(answer).toBe(APOLOGY);
    expect(lex.log.join()).toContain("answer failed");
    expect(lex.log.join()).not.toContain("sk-very-secret");
    expect((await lex.send("Hello?", conversationId)).status).toBe(202);
  });

  test("in the middle keeps what it had said", async () => {
    const { lex } = await startWithModel((response) => {
      response.writeHead(200, SSE).write(frame("It is free from"));
      void sleep(20).then(() => response.destroy());
    });
    const { answer } = await lex.ask("Is shipping free?");

    expect(answer).toBe(`It is free from\n\n${APOLOGY}`);
  });

  test("because it never answers does not keep the platform from closing", async () => {
    const { lex, model } = await startWithModel(() => {});
    await lex.send("Is shipping free?");
    await model.count(1);

    await expect(lex.close()).resolves.toBeUndefined();
  });
});
