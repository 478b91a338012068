import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { connectLexey, startLexey, type Api, type LexeyMessage } from "./lexey.ts";
import { shell } from "./shell.ts";

/** The commands of a document as they are printed there, one after the other. */
function samplesOf(api: Api): string[] {
  const file = new URL(`../../fixtures/lexey/${api}.sh`, import.meta.url);
  return readFileSync(file, "utf8").split("\n\n");
}

const KEYS = { LEXEY_CUSTOMER_KEY: "lxc_demo", LEXEY_MANAGEMENT_KEY: "lxm_demo" };

/** Runs them with only host and conversation replaced, the keys in the variables of the documents. */
async function runSamples(url: string, api: Api) {
  const [create = "", send = "", read] = samplesOf(api);
  const host = { "https://lexey.ai": url };
  const { conversationId } = JSON.parse(await shell(create, host, KEYS)) as {
    conversationId: string;
  };
  const filled = { ...host, CONVERSATION_ID: conversationId };
  const stream = await shell(send, filled, KEYS);
  return { conversationId, stream, history: read && (await shell(read, filled, KEYS)) };
}

test("the customer API's commands run with curl", async () => {
  const { url } = await startLexey();
  const { stream, history = "" } = await runSamples(url, "customer");
  const { messages } = JSON.parse(history) as { messages: LexeyMessage[] };

  expect(messages).toEqual([
    { role: "user", content: "What are your business hours?", createdAt: expect.any(String) },
    {
      role: "assistant",
      content: expect.stringContaining("9:00"),
      createdAt: expect.any(String),
    },
  ]);
  expect(readAsDocumented(stream)).toBe(messages[1]?.content);
});

test("the management API's quick start runs with curl", async () => {
  const { url } = await startLexey();
  const { conversationId, stream } = await runSamples(url, "management");
  const [, answer] = await connectLexey(url, "management").history(conversationId);

  expect(answer?.content).toBeTruthy();
  expect(readAsDocumented(stream)).toBe(answer?.content);
});

describe("a reader", () => {
  const startAnswer = async () => {
    const lexey = await startLexey({ tokensPerSecond: 2000 });
    const id = await lexey.create();
    const response = await lexey.send(id, "What are your business hours?");
    return { lexey, id, response };
  };

  test("that follows the documented rule gets the text", async () => {
    const { lexey, id, response } = await startAnswer();
    const text = readAsDocumented(await response.text());

    expect(text).toBe((await lexey.history(id))[1]?.content);
    expect(text).toContain("–");
  });

  test("of the older page, which takes each network chunk apart by itself, gets it too", async () => {
    const { lexey, id, response } = await startAnswer();

    expect(await readByChunks(response)).toBe((await lexey.history(id))[1]?.content);
  });
});

/** The agent integration page's rule, word for word. */
function readAsDocumented(stream: string): string {
  let text = "";
  for (const event of stream.split("\n\n")) {
    const line = event.split("\n").find((line) => line.startsWith("data: "));
    if (line === undefined) continue;
    const data = line.slice("data: ".length);
    if (data === "[DONE]") return text;
    const payload = JSON.parse(data) as { type: string; text?: string; message?: string };
    if (payload.type === "delta") text += payload.text;
    if (payload.type === "error") throw new Error(payload.message);
  }
  throw new Error("the stream ended without [DONE]");
}

/** The Node sample of the older customer page: lines are not carried over from chunk to chunk. */
async function readByChunks(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    for (const line of decoder.decode(chunk, { stream: true }).split("\n")) {
      if (!line.startsWith("data: ")) continue;
      const data = line.slice("data: ".length);
      if (data === "[DONE]") return text;
      const payload = JSON.parse(data) as { type: string; text?: string };
      if (payload.type === "delta") text += payload.text;
    }
  }
  throw new Error("the stream ended without [DONE]");
}
