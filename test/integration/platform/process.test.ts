import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run } from "./cli.ts";
import { connect } from "./start.ts";

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "lex-platform-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "chat.sqlite");
}

const FAST = ["--port", "0", "--tokensPerSecond", "100000", "--thinkingMs", "0"];

test("a killed process loses nothing that it had accepted", async () => {
  const file = temporaryFile();
  const first = run([...FAST, "--file", file]);
  const before = connect(await first.url());
  const { conversationId } = await before.ask("Is shipping free?");
  await before.call("PUT", "/api/webhooks/me", { url: "https://shop.example/hook" });
  const other = await Promise.all(
    Array.from({ length: 10 }, () => before.send("Hello", crypto.randomUUID())),
  );
  const { messages } = await before.messages(conversationId);
  await first.end("SIGKILL");
  const after = connect(await run([...FAST, "--file", file]).url());

  expect((await after.messages(conversationId)).messages).toEqual(messages);
  expect((await after.ask("Hello")).conversationId).toBe(conversationId);
  for (const { body } of other) {
    const { messages: kept } = await after.messages(body["conversationId"]);
    expect(kept[0]?.id).toBe(body["messageId"]);
  }
  expect((await after.call("GET", "/api/webhooks/me")).body).toMatchObject({
    url: "https://shop.example/hook",
  });
});

test("a conversation that was processing when the process was killed comes back idle", async () => {
  const file = temporaryFile();
  const first = run(["--port", "0", "--thinkingMs", "60000", "--file", file]);
  const { body } = await connect(await first.url()).send("Is shipping free?");
  await first.end("SIGKILL");
  const after = connect(await run([...FAST, "--file", file]).url());
  const id = String(body["conversationId"]);

  expect((await after.call("GET", `/api/conversations/${id}/status`)).body).toEqual({
    active: false,
    state: null,
  });
  expect((await after.ask("and to Norway?", id)).answer).toContain("€12.90");
});

test("SIGTERM ends the process at once, in the middle of an answer and with a listener", async () => {
  const process = run(["--port", "0", "--thinkingMs", "60000"]);
  const url = await process.url();
  const { body } = await connect(url).send("Is shipping free?");
  const stream = await fetch(`${url}/api/conversations/${String(body["conversationId"])}/stream`, {
    headers: connect(url).headers,
  });

  expect(await process.end("SIGTERM")).toBe(0);
  expect(await stream.text()).toContain('"state":"thinking"');
  expect(process.output).toEqual({
    stdout: `The demo platform listens at ${url}\n`,
    stderr: "",
  });
});

test("--help lists every option", async () => {
  const process = run(["--help"]);

  expect(await process.exited).toBe(0);
  for (const flag of ["--port", "--file", "--framing", "--unknownConversation", "LLM_BASE_URL"]) {
    expect(process.output.stdout).toContain(flag);
  }
});

test.each([
  [["--framing", "xml"], 'framing (is "xml")'],
  [["--port", "none"], 'port (is "none")'],
  [["--colour", "red"], "--colour"],
])("%j is refused by one clear line", async (flags, problem) => {
  const process = run(flags);

  expect(await process.exited).toBe(1);
  expect(process.output.stderr).toContain(problem);
  expect(process.output.stderr).not.toContain("at ");
});

test("a model's settings that are incomplete are refused, without their key", async () => {
  const process = run(["--port", "0"], {
    LLM_API_KEY: "sk-secret",
    LLM_BASE_URL: "",
    LLM_MODEL: "",
  });

  expect(await process.exited).toBe(1);
  expect(process.output.stderr).toContain("llm: give baseUrl");
  expect(process.output.stderr).not.toContain("sk-secret");
});

test("a port that is taken is refused with the address", async () => {
  const first = run(["--port", "0"]);
  const { port } = new URL(await first.url());
  const second = run(["--port", port]);

  expect(await second.exited).toBe(1);
  expect(second.output.stderr).toContain(`127.0.0.1:${port}`);
});
