import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startLex } from "./start.ts";
import type { Json, Message } from "./start.ts";

const runShell = promisify(execFile);

/**
 * The commands of lex-api.txt as they are printed there, but for their apostrophes, which end the
 * shell's quotes ("what's", "Let's"): those are written as '\''.
 */
const SEND = String.raw`curl -X POST https://lex.scomatic.com/api/conversations/reply \
  -H "Authorization: Bearer lex2_your_key" \
  -H "Content-Type: application/json" \
  -d '{ "content": "Hey Lex, what'\''s new?" }'`;

const SEND_IN_THREAD = String.raw`curl -X POST https://lex.scomatic.com/api/conversations/reply \
  -H "Authorization: Bearer lex2_your_key" \
  -H "Content-Type: application/json" \
  -d '{
    "content": "Let'\''s continue our earlier discussion",
    "conversationId": "abc-123-..."
  }'`;

const STREAM = String.raw`curl -N https://lex.scomatic.com/api/conversations/abc-123/stream \
  -H "Authorization: Bearer lex2_your_key"`;

const MESSAGES = String.raw`curl https://lex.scomatic.com/api/conversations/abc-123/messages \
  -H "Authorization: Bearer lex2_your_key"`;

const NEW_MESSAGES = String.raw`curl "https://lex.scomatic.com/api/conversations/abc-123/messages?since=msg-uuid" \
  -H "Authorization: Bearer lex2_your_key"`;

/** Runs a command with only host and key (and what the document calls placeholders) replaced. */
async function shell(command: string, url: string, placeholders: Record<string, string> = {}) {
  const filled = Object.entries({
    "https://lex.scomatic.com": url,
    lex2_your_key: "lex2_demo",
    ...placeholders,
  }).reduce((text, [from, to]) => text.replaceAll(from, to), command);
  const { stdout } = await runShell("sh", ["-c", filled]).catch(
    (error: Error & { code?: unknown }) => {
      if (error.code === 127) throw new Error("curl is not installed: apt-get install curl");
      // What a stream had said when `timeout` ended it is in the error.
      if (error.code === 124) return error as unknown as { stdout: string };
      throw error;
    },
  );
  return stdout;
}

test("the round trip of the document runs with curl", async () => {
  const lex = await startLex();
  const sent = JSON.parse(await shell(SEND, lex.url)) as Json;
  expect(sent).toMatchObject({ success: true });
  await lex.settle(sent["conversationId"]);

  const ids = { "abc-123": String(sent["conversationId"]), "msg-uuid": String(sent["messageId"]) };
  const { messages } = JSON.parse(await shell(MESSAGES, lex.url, ids)) as { messages: Message[] };
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  expect(messages[0]?.content).toBe("Hey Lex, what's new?");

  const later = JSON.parse(await shell(NEW_MESSAGES, lex.url, ids)) as { messages: Message[] };
  expect(later.messages).toEqual(messages.slice(1));
});

test("the thread of the document is opened as it is printed", async () => {
  const lex = await startLex();
  const sent = JSON.parse(await shell(SEND_IN_THREAD, lex.url)) as Json;

  expect(sent).toMatchObject({ success: true, conversationId: "abc-123-..." });
});

test("the stream of the document opens with connected and conversation:init", async () => {
  const lex = await startLex();
  const text = await shell(`timeout 1 ${STREAM}`, lex.url);

  expect(text).toMatch(/^event: connected\ndata: .*\n\nevent: conversation:init\ndata: .*\n\n/);
});
