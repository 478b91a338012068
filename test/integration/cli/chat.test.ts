/** `lex-chat chat` with one question, as programs use it. */
import { describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import { runCli, startCli } from "../../support/cli.ts";
import { API_KEY, eventually, lexeyAt, startPlatform } from "../../support/proxy.ts";
import { nowhere } from "../doctor/doctor.ts";

const QUESTION = "What does shipping to Germany cost?";
const ANSWER = /Germany, France, Luxembourg \| 2–4 \| €4\.90/;

/** The settings for a platform of its own. */
async function connect(options: PlatformOptions = {}): Promise<NodeJS.ProcessEnv> {
  const { url } = await startPlatform(options);
  return { LEX_URL: url, LEX_API_KEY: API_KEY };
}

describe("lex-chat chat", () => {
  it("prints the answer to a question, and nothing else", async () => {
    const environment = await connect();
    const { code, out, errors } = await runCli(["chat", ...QUESTION.split(" ")], { environment });
    expect(out).toMatch(ANSWER);
    expect(out.match(/4\.90/g)).toHaveLength(1);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
  });

  it("prints the answer while it is written", async () => {
    const environment = await connect({ tokensPerSecond: 20 });
    const { output, exited, signal } = startCli(["chat", QUESTION], { environment });
    await eventually("the first words", () => /\w \w/.exec(output())?.[0]);
    expect(output()).not.toMatch(ANSWER);
    signal("SIGINT");
    expect(await exited).toMatchObject({ code: 130, errors: "" });
  });

  it("takes the question from standard input", async () => {
    const { code, out } = await runCli(["chat"], {
      environment: await connect(),
      input: `${QUESTION}\n`,
    });
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(ANSWER) });
  });

  it("puts standard input where a - stands", async () => {
    const environment = await connect();
    const options = { environment, input: "Shipping to Germany?" };
    const { out } = await runCli(["chat", "--json", "Answer this:", "-"], options);
    const { conversationId } = JSON.parse(out) as { conversationId: string };
    const url = `${environment["LEX_URL"]}/api/conversations/${conversationId}/messages`;
    const response = await fetch(url, { headers: { Authorization: `Bearer ${API_KEY}` } });
    const { messages } = (await response.json()) as { messages: Array<{ content: string }> };
    expect(messages[0]?.content).toBe("Answer this: \n\nShipping to Germany?");
  });

  it("prints JSON for programs, and goes on with a conversation", async () => {
    const environment = await connect();
    const ask = async (...args: string[]) =>
      JSON.parse((await runCli(["chat", "--json", ...args], { environment })).out) as Record<
        string,
        unknown
      >;
    const first = await ask(QUESTION);
    expect(first).toEqual({
      conversationId: expect.stringMatching(/^[\w-]{36}$/),
      answer: expect.stringMatching(ANSWER),
      escalated: false,
      tools: ["search_articles"],
      firstTextSeconds: expect.any(Number),
      seconds: expect.any(Number),
    });
    const second = await ask("-c", String(first["conversationId"]), "And to Norway?");
    expect(second["conversationId"]).toBe(first["conversationId"]);
    expect(second["answer"]).toContain("Norway");
  });

  it.each<[string, PlatformOptions]>([
    // It thinks until the stream is open: what comes before is told again at the end.
    [
      "tells no conversation before its first message",
      { streamBeforeFirstMessage: "404", thinkingMs: 2000 },
    ],
    ["names no message", { messageId: "absent" }],
  ])("gets the answer of a platform that %s", async (_, options) => {
    const { code, out } = await runCli(["chat", QUESTION], { environment: await connect(options) });
    expect(out.match(/4\.90/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it.each([
    ["a wrong key", { LEX_API_KEY: "lex2_wrong" }, /does not know the key in LEX_API_KEY \(401\)/],
    ["no key", { LEX_API_KEY: "" }, /LEX_API_KEY is not set: set the key/],
    ["a name that is no address", { LEX_URL: "lex" }, /LEX_URL is "lex": use an address/],
  ])("says what is wrong with %s, and exits with 1", async (_, wrong, message) => {
    const environment = { ...(await connect()), ...wrong };
    const { code, out, errors } = await runCli(["chat", "Hello"], { environment });
    expect(errors).toMatch(message);
    expect(errors).not.toContain("lex2_wrong");
    expect({ code, out }).toEqual({ code: 1, out: "" });
  });

  it("says that there is no such conversation, and begins none", async () => {
    const environment = await connect();
    const { code, errors } = await runCli(["chat", "-c", "unknown", "Hello"], { environment });
    expect(errors).toMatch(/does not have that \(404\)\n {2}→ check the id/);
    expect(code).toBe(1);
    expect((await runCli(["conversations"], { environment })).out).toBe("");
  });

  it("says that the platform is not there", async () => {
    const environment = { LEX_URL: await nowhere(), LEX_API_KEY: API_KEY };
    const { code, errors } = await runCli(["chat", "Hello"], { environment });
    expect(code).toBe(1);
    expect(errors).toMatch(/can't be reached: failed \(ECONNREFUSED\)\n {2}→ check LEX_URL/);
  });

  it.each([
    [["chat"], "standard input is empty"],
    [["chat", " "], "the text is empty"],
  ])("%j without a text is a usage error", async (args, message) => {
    const environment = { LEX_API_KEY: API_KEY };
    const { code, errors } = await runCli(args, { environment });
    expect(errors).toContain(message);
    expect(code).toBe(2);
  });
});

describe("lex-chat chat on Lexey", () => {
  it("prints the answer to a question", async () => {
    const { url } = await startPlatform();
    const { code, out } = await runCli(["chat", QUESTION], { environment: lexeyAt(url) });
    expect(out).toMatch(ANSWER);
    expect(code).toBe(0);
  });

  it("tells programs that a person takes over", async () => {
    const { url } = await startPlatform();
    const args = ["chat", "--json", "Let me talk to a human, now!"];
    const { out } = await runCli(args, { environment: lexeyAt(url) });
    expect(JSON.parse(out)).toMatchObject({ escalated: true });
  });

  it.each<[string, { args?: string[]; settings?: NodeJS.ProcessEnv; platform?: PlatformOptions }]>([
    [
      "does not know the key in LEXEY_CUSTOMER_KEY (401)",
      { settings: { LEXEY_CUSTOMER_KEY: "lxc_wrong" } },
    ],
    ["no credits left (402)", { platform: { credits: 0 } }],
    ["does not have that (404)", { args: ["-c", "unknown"] }],
    ["refused it (400)", { platform: { maxMessageCharacters: 3 } }],
    ["PLATFORM is not set", { settings: { LEX_API_KEY: API_KEY } }],
  ])("says: %s, with %j", async (message, { args = [], settings, platform }) => {
    const { url } = await startPlatform(platform);
    const environment = { ...lexeyAt(url), ...settings };
    const { code, errors } = await runCli(["chat", ...args, "Hello"], { environment });
    expect(errors).toContain(message);
    expect(code).toBe(1);
  });
});
