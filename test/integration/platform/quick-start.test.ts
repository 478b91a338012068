import { expect, test } from "vitest";
import { shell } from "./shell.ts";
import { startLex } from "./start.ts";
import type { Json, Message } from "./start.ts";

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
const curl = (command: string, url: string, placeholders: Record<string, string> = {}) =>
  shell(command, { "https://lex.scomatic.com": url, lex2_your_key: "lex2_demo", ...placeholders });

test("the round trip of the document runs with curl", async () => {
  const lex = await startLex();
  const sent = JSON.parse(await curl(SEND, lex.url)) as Json;
  expect(sent).toMatchObject({ success: true });
  await lex.settle(sent["conversationId"]);

  const ids = { "abc-123": String(sent["conversationId"]), "msg-uuid": String(sent["messageId"]) };
  const { messages } = JSON.parse(await curl(MESSAGES, lex.url, ids)) as { messages: Message[] };
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  expect(messages[0]?.content).toBe("Hey Lex, what's new?");

  const later = JSON.parse(await curl(NEW_MESSAGES, lex.url, ids)) as { messages: Message[] };
  expect(later.messages).toEqual(messages.slice(1));
});

test("the thread of the document is opened as it is printed", async () => {
  const lex = await startLex();
  const sent = JSON.parse(await curl(SEND_IN_THREAD, lex.url)) as Json;

  expect(sent).toMatchObject({ success: true, conversationId: "abc-123-..." });
});

test("the stream of the document opens with connected and conversation:init", async () => {
  const lex = await startLex();
  const text = await curl(`timeout 1 ${STREAM}`, lex.url);

  expect(text).toMatch(/^event: connected\ndata: .*\n\nevent: conversation:init\ndata: .*\n\n/);
});
