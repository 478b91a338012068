/** The platform as a process of its own that is killed in the middle of an answer, and comes back. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isChunk } from "../../support/event-stream.ts";
import { API_KEY } from "../../support/proxy.ts";
import { run } from "../platform/cli.ts";
import { expectSame, QUESTION, send, startVisit } from "./broken-chat.ts";

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "lex-chat-killed-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "chat.sqlite");
}

/** The same platform each time: its port, its database. */
async function startProcess(flags: string[], port = "0") {
  const child = run(["--keys", API_KEY, "--port", port, ...flags]);
  return { ...child, address: await child.url() };
}

test("killed in the middle of an answer, it is back with what it has, and so are its viewers", async () => {
  const file = ["--file", temporaryFile()];
  const slow = ["--thinkingMs", "0", "--tokensPerSecond", "40"];
  const first = await startProcess([...file, ...slow]);
  const chat = await startVisit(first.address);
  const { conversationId: handle } = await send(chat, "Hello");
  const stream = await chat.visitor.stream(handle);
  await expectSame(chat, handle, stream);
  const { messageId } = await send(chat, QUESTION, handle);
  await stream.until(
    "some text of the answer",
    (seen) =>
      isChunk(seen) &&
      stream.events.some(({ data }) => "message" in data && isFor(data, messageId)),
  );
  await first.end("SIGKILL");
  await startProcess([...file, ...slow], new URL(first.address).port);

  await stream.until("the error", ({ event }) => event === "error");
  const shown = await expectSame(chat, handle, stream);
  expect(shown.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);

  await send(chat, QUESTION, handle);
  const after = await expectSame(chat, handle, stream);
  expect(after.messages.at(-1)?.content).toContain("€49");
});

const isFor = (data: { message: unknown }, id: string): boolean =>
  (data.message as { id?: string }).id === id;

test("killed before its answer to a send is through, the send is there once or reported unknown", async () => {
  const file = ["--file", temporaryFile(), "--thinkingMs", "0", "--tokensPerSecond", "2000"];
  let platform = await startProcess(file);
  const chat = await startVisit(platform.address);
  const { conversationId: handle } = await send(chat, "Hello");
  const stream = await chat.visitor.stream(handle);
  await expectSame(chat, handle, stream);

  const wanted = Array.from({ length: 3 }, (_, index) => `Question ${index}`);
  for (const content of wanted) {
    const key = crypto.randomUUID();
    const repeat = (): ReturnType<typeof chat.visitor.reply> =>
      chat.visitor.reply(content, handle, { "Idempotency-Key": key });
    const [answer] = await Promise.all([repeat(), platform.end("SIGKILL")]);
    expect([202, 502, 503]).toContain(answer.status);
    platform = await startProcess(file, new URL(platform.address).port);
    while (answer.status !== 202 && (await repeat()).status !== 202);
  }

  const { messages } = await expectSame(chat, handle, stream);
  const sent = messages.filter(({ role }) => role === "user").map(({ content }) => content);
  expect(sent).toEqual(["Hello", ...wanted]);
}, 60_000);
