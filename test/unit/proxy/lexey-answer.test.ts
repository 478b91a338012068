/** What is read of an answer's bytes, however they come. */
import { PassThrough, Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { readLexeyAnswer } from "../../../proxy/platforms/lexey-answer.ts";
import type { PlatformStream } from "../../../proxy/platforms/request.ts";

/** Verbatim from the streaming guide. */
const SAMPLE = `id: 1
data: {"type":"delta","text":"Our"}

id: 2
data: {"type":"delta","text":" business hours are 9am–5pm."}

id: 3
data: [DONE]

`;
const TEXT = "Our business hours are 9am–5pm.";

const frame = (id: number | null, data: unknown): string =>
  `${id === null ? "" : `id: ${id}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
const delta = (id: number | null, text: string): string => frame(id, { type: "delta", text });
const escalated = (id: number): string => frame(id, { type: "status", status: "escalated" });

const read = (pieces: Iterable<string | Buffer> | AsyncIterable<string>) =>
  readBody(Readable.from(pieces, { objectMode: false }));

const toStream = (body: Readable): PlatformStream => ({
  async read(onText) {
    for await (const text of body.setEncoding("utf8") as AsyncIterable<string>) onText(text);
  },
  destroy: (error) => void body.destroy(error),
});

async function readBody(body: Readable, stallMs = 5000, maxMs = 5000) {
  const texts: string[] = [];
  const statuses: string[] = [];
  const end = await readLexeyAnswer(toStream(body), {
    stallMs,
    maxMs,
    onText: (text) => texts.push(text),
    onStatus: (status) => statuses.push(status),
  });
  return { text: texts.join(""), statuses, ...end, isClosed: body.destroyed };
}

describe("the guide's own sample", () => {
  test("is read whole", async () => {
    expect(await read([SAMPLE])).toMatchObject({ text: TEXT, how: "done", isWhole: true });
  });

  test("is read the same cut at every byte", async () => {
    const bytes = Buffer.from(SAMPLE);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
      expect(await read(pieces)).toMatchObject({ text: TEXT, how: "done", isWhole: true });
    }
  });

  test("is read the same with CRLF", async () => {
    expect(await read([SAMPLE.replaceAll("\n", "\r\n")])).toMatchObject({
      text: TEXT,
      how: "done",
    });
  });

  test("is read the same without its last blank line", async () => {
    expect(await read([SAMPLE.trimEnd()])).toMatchObject({ text: TEXT, how: "done" });
  });
});

test.each<[string, string, { text: string; how: string; isWhole: boolean }]>([
  [
    "without ids",
    delta(null, "a") + frame(null, "[DONE]"),
    { text: "a", how: "done", isWhole: false },
  ],
  [
    "with a missing event",
    delta(1, "a") + delta(3, "c") + frame(4, "[DONE]"),
    { text: "ac", how: "done", isWhole: false },
  ],
  [
    "with an event told twice",
    delta(1, "a") + delta(2, "b") + delta(2, "b") + frame(3, "[DONE]"),
    { text: "ab", how: "done", isWhole: false },
  ],
  [
    "out of order",
    delta(2, "b") + delta(1, "a") + frame(3, "[DONE]"),
    { text: "ba", how: "done", isWhole: false },
  ],
  [
    "with text after its end",
    delta(1, "a") + frame(2, "[DONE]") + delta(3, "b"),
    { text: "a", how: "done", isWhole: true },
  ],
  [
    "with an error",
    delta(1, "a") + frame(2, { type: "error", message: "no" }) + delta(3, "b"),
    { text: "a", how: "failed", isWhole: true },
  ],
  [
    "with an error and [DONE]",
    frame(1, { type: "error", message: "no" }) + frame(2, "[DONE]"),
    { text: "", how: "failed", isWhole: true },
  ],
  ["without an end", delta(1, "a"), { text: "a", how: "broken", isWhole: true }],
  ["that is empty", "", { text: "", how: "broken", isWhole: true }],
  [
    "of unknown events",
    frame(1, { type: "usage" }) + frame(2, "?") + frame(3, "[DONE]"),
    { text: "", how: "done", isWhole: true },
  ],
])("an answer %s is read", async (_name, bytes, expected) => {
  expect(await read([bytes])).toMatchObject({ ...expected, isClosed: true });
});

test("a hand-over is told wherever it comes", async () => {
  const bytes = delta(1, "a") + escalated(2) + delta(3, "b") + frame(4, "[DONE]");
  expect(await read([bytes])).toMatchObject({ text: "ab", statuses: ["escalated"], isWhole: true });
});

test("an answer that is cut off keeps what was read", async () => {
  async function* cut() {
    yield delta(1, "a");
    throw new Error("reset");
  }
  expect(await read(cut())).toMatchObject({ text: "a", how: "broken" });
});

test("an answer that stalls is broken off", async () => {
  const body = new PassThrough();
  body.write(delta(1, "a"));
  expect(await readBody(body, 20)).toMatchObject({ text: "a", how: "broken", isClosed: true });
});

test("an answer of heartbeats alone is broken off", async () => {
  const body = new PassThrough();
  body.write(delta(1, "a"));
  const heart = setInterval(() => body.write(": alive\n\n"), 5);
  body.on("close", () => clearInterval(heart));
  expect(await readBody(body, 5000, 60)).toMatchObject({
    text: "a",
    how: "broken",
    isClosed: true,
  });
});

test.each([
  ["one event that never ends", (): string => "x".repeat(65_536)],
  [
    "empty events with long ids",
    (id: number): string => `"}\n\nid: ${id}${"0".repeat(65_000)}\ndata:\n\n`,
  ],
  ["events that never end", (id: number): string => `"}\n\n${delta(id, "x".repeat(65_000))}`],
])("an answer of %s is broken off", async (_name, next) => {
  let pieces = 0;
  function* flood() {
    yield 'data: {"type":"delta","text":"';
    while (pieces < 10_000) yield next((pieces += 1));
  }
  expect(await read(flood())).toMatchObject({ how: "broken" });
  expect(pieces).toBeLessThan(200);
});
