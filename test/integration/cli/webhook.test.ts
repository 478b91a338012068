/** `lex-chat webhook …` against the local platform and a running proxy. */
import { beforeEach, describe, expect, it } from "vitest";
import { KEYS, runCli, startInTerminal } from "../../support/cli.ts";
import { findProgram } from "../../support/find-program.ts";
import { API_KEY, startPlatform, startProxy } from "../../support/proxy.ts";
import { nowhere } from "../doctor/doctor.ts";

const SECRET = "webhook-secret-of-the-owner-0123456789";
const OWN = "https://chat.example.com/webhooks/lex";
const OTHER = "https://hooks.example.com/chat?token=1";

let settings: NodeJS.ProcessEnv;
beforeEach(async () => {
  const { url } = await startPlatform();
  settings = { LEX_URL: url, LEX_API_KEY: API_KEY, WEBHOOK_SECRET: SECRET };
});

const webhook = (...args: string[]) =>
  runCli(["webhook", ...args], { environment: { ...settings } });

/** What the platform has, asked past the command line. */
async function stored(): Promise<unknown> {
  const response = await fetch(`${settings["LEX_URL"]}/api/webhooks/me`, {
    headers: { Authorization: `Bearer ${API_KEY}` },
  });
  return response.json();
}

describe("lex-chat webhook set", () => {
  it("makes the webhook that the proxy expects, from the settings alone", async () => {
    settings["PUBLIC_URL"] = "https://chat.example.com/";
    const { code, out, errors } = await webhook("set");
    expect(code).toBe(0);
    expect(errors).toContain("To try it: lex-chat webhook test");
    expect(out).toContain(OWN);
    expect(await stored()).toEqual({
      url: OWN,
      method: "POST",
      headers: { "X-Webhook-Secret": SECRET },
      bodyTemplate: { conversationId: "{{conversationId}}" },
    });
    expect(out + errors).not.toContain(SECRET);
  });

  it("leaves one that is set, exits with 1 and says how to replace it", async () => {
    await webhook("set", OTHER, "--template", '{"text": "{{message}}"}');
    const before = await stored();
    const { code, out, errors } = await webhook("set", OWN);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(errors).toContain(OTHER);
    expect(errors).toMatch(/nothing was changed: another webhook is set\n {2}→ add --replace/);
    expect(await stored()).toEqual(before);
  });

  it("replaces all of it with --replace", async () => {
    await webhook("set", OTHER, "--template", "{}", "--header", "X-Custom-Auth: old secret");
    const { code } = await webhook("set", OWN, "--replace");
    expect(code).toBe(0);
    expect(await stored()).toMatchObject({ url: OWN, headers: { "X-Webhook-Secret": SECRET } });
    expect(JSON.stringify(await stored())).not.toContain("old secret");
  });

  it("has nothing to do for the same one", async () => {
    await webhook("set", OWN);
    const { code, errors } = await webhook("set", OWN);
    expect(code).toBe(0);
    expect(errors).toContain("It is set like this already.");
  });

  it("sends the proxy's secret to nobody else", async () => {
    await webhook("set", OTHER, "--template", '{"text": "{{message}}"}', "--header", "X-A: b: c");
    expect(await stored()).toMatchObject({ url: OTHER, headers: { "X-A": "b: c" } });
    expect(JSON.stringify(await stored())).not.toContain(SECRET);
  });

  it.each<[string[], number, RegExp]>([
    [["set"], 1, /PUBLIC_URL is not set, and no address is given/],
    [["set", "chat.example.com"], 2, /"chat\.example\.com" is no address/],
    [["set", OTHER], 2, /no chat proxy's webhook.*\n.*--template/],
    [["set", OTHER, "--template", "text"], 2, /--template is "text", which is no JSON object/],
    [["set", OWN, "--header", "secret"], 2, /--header is no header\n/],
  ])("%j is refused with %i", async (args, code, message) => {
    const run = await webhook(...args);
    expect(run).toMatchObject({ code, out: "", errors: expect.stringMatching(message) });
    expect(await stored()).toBeNull();
  });

  it("says that the proxy needs a secret", async () => {
    settings["WEBHOOK_SECRET"] = "";
    const { code, errors } = await webhook("set", OWN);
    expect(code).toBe(1);
    expect(errors).toContain("WEBHOOK_SECRET is not set");
  });
});

describe.skipIf(process.platform !== "linux" || findProgram("script") === null)(
  "at a terminal, lex-chat webhook",
  () => {
    it.each([
      ["y\r", 0, OWN],
      ["n\r", 1, OTHER],
      ["\r", 1, OTHER],
      [KEYS.interrupt, 130, OTHER],
    ])("set shows both and asks: %j exits with %i", async (keys, code, url) => {
      await webhook("set", OTHER, "--template", "{}");
      const terminal = startInTerminal(["webhook", "set", OWN], settings);
      await terminal.shows(/this one is set:.*hooks\.example\.com/s);
      await terminal.shows(/It would become:.*chat\.example\.com.*as in WEBHOOK_SECRET/s);
      await terminal.shows(/Replace it\? \[y\/N\] /);
      terminal.type(keys);
      expect(await terminal.exited).toBe(code);
      expect(await stored()).toMatchObject({ url });
      expect(terminal.output()).not.toContain(SECRET);
    });

    it("delete asks", async () => {
      await webhook("set", OWN);
      const terminal = startInTerminal(["webhook", "delete"], settings);
      await terminal.shows(/no longer call .*Remove it\? \[y\/N\] /);
      terminal.type("yes\r");
      expect(await terminal.exited).toBe(0);
      expect(await stored()).toBeNull();
    });
  },
);

describe("lex-chat webhook get", () => {
  it("shows the webhook, and whether its secret is the proxy's", async () => {
    await webhook("set", OWN);
    const { out } = await webhook("get");
    expect(out).toMatch(/^URL +https:\/\/chat\.example\.com\/webhooks\/lex$/m);
    expect(out).toContain(`X-Webhook-Secret: (${SECRET.length} characters, as in WEBHOOK_SECRET)`);
    settings["WEBHOOK_SECRET"] = `another-${SECRET}`;
    const { out: other } = await webhook("get");
    expect(other).toContain("characters, not WEBHOOK_SECRET)");
    expect(out + other).not.toContain(SECRET);
  });

  it("prints JSON for programs, null when there is none", async () => {
    expect(JSON.parse((await webhook("get", "--json")).out)).toBeNull();
    await webhook("set", OWN);
    const { out } = await webhook("get", "--json");
    expect(JSON.parse(out)).toMatchObject({ url: OWN, method: "POST" });
    expect(out).not.toContain(SECRET);
  });
});

describe("lex-chat webhook test", () => {
  it("succeeds when the proxy takes it", async () => {
    const proxy = await startProxy(String(settings["LEX_URL"]), { WEBHOOK_SECRET: SECRET });
    await webhook("set", `${proxy.url}/webhooks/lex`);
    const { code, out } = await webhook("test");
    expect({ code, out }).toEqual({ code: 0, out: `${proxy.url}/webhooks/lex answers 204.\n` });
    const { out: json } = await webhook("test", "--json");
    expect(JSON.parse(json)).toMatchObject({ status: 204, ok: true });
  });

  it("says what the proxy's refusal means", async () => {
    const proxy = await startProxy(String(settings["LEX_URL"]), {
      WEBHOOK_SECRET: `another-${SECRET}`,
    });
    await webhook("set", `${proxy.url}/webhooks/lex`);
    const { code, errors } = await webhook("test");
    expect(code).toBe(1);
    expect(errors).toMatch(/answers 40[13]\n {2}→ the secret is another one than the proxy's/);
  });

  it("says that nothing answers there", async () => {
    await webhook("set", `${await nowhere()}/webhooks/lex`);
    const { code, errors } = await webhook("test");
    expect(code).toBe(1);
    expect(errors).toMatch(/Lex gets no answer from http.*\n {2}→ it has to be reachable/);
  });

  it("says that there is none", async () => {
    const { code, errors } = await webhook("test");
    expect(errors).toContain("no webhook is set");
    expect(code).toBe(1);
  });
});

describe("lex-chat webhook delete", () => {
  it("removes it with --yes, and is done when there is none", async () => {
    await webhook("set", OWN);
    expect(await webhook("delete", "--yes")).toMatchObject({ code: 0 });
    expect(await stored()).toBeNull();
    expect(await webhook("delete")).toMatchObject({ code: 0 });
  });

  it("removes nothing when nobody can be asked", async () => {
    await webhook("set", OWN);
    const { code, errors } = await webhook("delete");
    expect(code).toBe(1);
    expect(errors).toContain("add --yes");
    expect(await stored()).toMatchObject({ url: OWN });
  });
});
