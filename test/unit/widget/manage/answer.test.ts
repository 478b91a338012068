import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../../widget/manage/transport/answer.ts";

const DOCUMENTED = `id: 1
data: {"type":"delta","text":"Our"}

id: 2
data: {"type":"delta","text":" business hours are 9am–5pm."}

id: 3
data: [DONE]

`;
const delta = (text: string): string => `data: ${JSON.stringify({ type: "delta", text })}\n\n`;

/** The text and how it ended, of a stream that comes in pieces of `size` bytes. */
async function read(source: string, size = Infinity) {
  const bytes = new TextEncoder().encode(source);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size)
        controller.enqueue(bytes.subarray(at, Math.min(bytes.length, at + size)));
      controller.close();
    },
  });
  let text = "";
  const ending = await readAnswer(body, (piece) => (text += piece));
  return [text, ending];
}

describe("an answer of Lexey", () => {
  test.each([1, 2, 3, 7, 1000])("is read as documented in pieces of %d bytes", async (size) => {
    expect(await read(DOCUMENTED, size)).toEqual(["Our business hours are 9am–5pm.", "done"]);
  });

  test.each([
    ["breaks off without [DONE]", delta("Half"), ["Half", "cut"]],
    ["is empty", "", ["", "cut"]],
    ["says that it failed", `${delta("Half")}data: {"type":"error"}\n\n`, ["Half", "failed"]],
    [
      "says that it failed, and ends",
      `data: {"type":"error","message":"x"}\n\ndata: [DONE]\n\n`,
      ["", "failed"],
    ],
    [
      "has events that nobody knows",
      `: hello\n\ndata: {"type":"status","status":"escalated"}\n\ndata: null\n\ndata: nothing\n\n${delta("Yes")}data: [DONE]\n\n`,
      ["Yes", "done"],
    ],
    ["goes on after its end", `${delta("A")}data: [DONE]\n\n${delta("B")}`, ["A", "done"]],
    [
      "ends its lines with CRLF",
      DOCUMENTED.replaceAll("\n", "\r\n"),
      ["Our business hours are 9am–5pm.", "done"],
    ],
  ])("that %s is told as that", async (_name, source, expected) => {
    expect(await read(source)).toEqual(expected);
  });
});
