import { beforeAll, describe, expect, it } from "vitest";
import type { Branding } from "../../../proxy/protocol.ts";
import { call, eventually, startPlatform, type TestProxy } from "../../support/proxy.ts";
import { makeWidget, settingsIn } from "../../support/widget-files.ts";
import { json } from "../proxy/upstream.ts";
import {
  manage,
  MANAGEMENT_KEY,
  NOWHERE,
  startLexey,
  startOwners,
  type Handler,
} from "./owners.ts";

const widgetFolder = makeWidget();
const SETTINGS = { AGENT_NAME: "Set by hand", PRIMARY_COLOR: "#111111", BRANDING: "managed" };
const BY_HAND = { agentName: "Set by hand", primaryColor: "#111111" };

const brandingOf = async ({ url }: TestProxy): Promise<Partial<Branding>> =>
  settingsIn((await call(`${url}/widget.js`)).text).branding;

const branded = (proxy: TestProxy, wanted: Partial<Branding>): Promise<true> =>
  eventually(`a widget.js with ${JSON.stringify(wanted)}`, async () => {
    const branding = await brandingOf(proxy);
    return JSON.stringify(branding) === JSON.stringify(wanted) || undefined;
  });

const startManaged = (
  lexeyUrl: string,
  environment = {},
  refreshMs = 3_600_000,
): Promise<TestProxy> =>
  startOwners(
    lexeyUrl,
    { ...SETTINGS, ...environment },
    { widgetFolder, brandingTimes: { refreshMs }, platformTimeoutMs: 1000 },
  );

async function say(proxy: TestProxy, message: string): Promise<string> {
  const { body } = await manage(proxy, "/conversations", { method: "POST" });
  const { conversationId } = body as { conversationId: string };
  const answer = await manage(proxy, `/conversations/${conversationId}/messages`, {
    body: { message },
  });
  expect(answer.status).toBe(200);
  return answer.text;
}

describe("widget.js under BRANDING=managed", () => {
  let platform: { url: string };
  let proxy: TestProxy;
  beforeAll(async () => {
    platform = await startPlatform({ managementKeys: [MANAGEMENT_KEY] });
    proxy = await startManaged(platform.url);
  });

  it("follows what the owner says to the agent, without a restart, under another ETag", async () => {
    const before = (await call(`${proxy.url}/widget.js`)).headers;
    await say(
      proxy,
      "Set our agent name to 'Acme Support' and welcome heading to 'Need help with Acme?'",
    );
    await branded(proxy, {
      agentName: "Acme Support",
      primaryColor: "#111111",
      welcomeHeading: "Need help with Acme?",
    });
    const after = (await call(`${proxy.url}/widget.js`)).headers;
    expect(after.get("etag")).not.toBe(before.get("etag"));
    expect(after.get("cache-control")).toBe("public, max-age=60");
    await say(proxy, "Change the welcome heading to 'What is in the tent?'");
    await branded(proxy, {
      agentName: "Acme Support",
      primaryColor: "#111111",
      welcomeHeading: "What is in the tent?",
    });
  });

  it("follows what was changed elsewhere, on a timer", async () => {
    const other = await startManaged(platform.url, {}, 50);
    await say(proxy, "Set the primary colour to #0F766E");
    await eventually(
      "the colour",
      async () => (await brandingOf(other)).primaryColor === "#0F766E" || undefined,
    );
  });

  it("has the settings' branding alone under BRANDING=settings", async () => {
    const { url } = await startPlatform({ managementKeys: [MANAGEMENT_KEY] });
    const plain = await startManaged(url, { BRANDING: "settings" });
    await say(plain, "Set our agent name to 'Acme Support'");
    expect(await brandingOf(plain)).toEqual(BY_HAND);
  });
});

describe("a configuration agent", () => {
  /** Opens conversations, and answers each message with `text`. */
  const answers =
    (text: string, end = "[DONE]"): Handler =>
    (response, { url }) => {
      if (!url?.endsWith("/messages")) return json(response, 201, { conversationId: "c-1" });
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      for (const piece of text.match(/[\s\S]{1,7}/g) ?? [])
        response.write(`data: ${JSON.stringify({ type: "delta", text: piece })}\n\n`);
      response.end(`data: ${end}\n\n`);
    };

  it("is asked in a conversation of its own, with the key, for JSON alone", async () => {
    const lexey = await startLexey(answers('{"agentName":"Acme"}'));
    const proxy = await startManaged(lexey.url);
    await branded(proxy, { agentName: "Acme", primaryColor: "#111111" });
    expect(lexey.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST /api/v1/management/conversations",
      "POST /api/v1/management/conversations/c-1/messages",
    ]);
    const [, sent] = lexey.requests;
    expect(sent?.headers.authorization).toBe(`Bearer ${MANAGEMENT_KEY}`);
    expect(JSON.parse(sent?.body ?? "")).toEqual({
      message: expect.stringMatching(/current branding.*JSON/),
    });
  });

  it("that has nothing set leaves everything to the settings", async () => {
    const lexey = await startLexey(answers('{"agentName":null,"primaryColor":null}'));
    const proxy = await startManaged(lexey.url, {}, 20);
    await eventually("a second question", () => lexey.requests.length > 2 || undefined);
    expect(await brandingOf(proxy)).toEqual(BY_HAND);
  });

  it("may answer in prose, and with values that are none: those are the settings'", async () => {
    const prose = "The agent name is “Acme </script>”, the primary colour is #12345 (teal).";
    const proxy = await startManaged((await startLexey(answers(prose))).url);
    await branded(proxy, { agentName: "Acme </script>", primaryColor: "#111111" });
    expect((await call(`${proxy.url}/widget.js`)).text).not.toContain("</script>");
  });

  it.each<[name: string, start: () => Promise<{ url: string }>]>([
    ["is not there", async () => ({ url: NOWHERE })],
    ["refuses the key", () => startLexey((response) => json(response, 401, {}))],
    ["never answers", () => startLexey(() => undefined)],
    ["fails in the middle", () => startLexey(answers('{"agentName":"A"}', '{"type":"error"}'))],
    ["is cut off", () => startLexey(answers('{"agentName":"A', '{"type":"delta","text":""}'))],
    ["says something else", () => startLexey(answers("I can't help with that."))],
  ])("that %s breaks no page: the settings' branding is served at once", async (_name, start) => {
    const proxy = await startManaged((await start()).url);
    expect(await brandingOf(proxy)).toEqual(BY_HAND);
    await eventually("the log's word", () =>
      proxy.log.find(({ msg }) => String(msg).includes("managed branding can't be read")),
    );
    expect(await brandingOf(proxy)).toEqual(BY_HAND);
    expect(JSON.stringify(proxy.log)).not.toContain(MANAGEMENT_KEY);
  });

  it("that goes away leaves what it said last", async () => {
    let isAway = false;
    const lexey = await startLexey((response, request) =>
      isAway ? json(response, 503, {}) : answers('{"agentName":"Acme"}')(response, request),
    );
    const proxy = await startManaged(lexey.url, {}, 20);
    await branded(proxy, { agentName: "Acme", primaryColor: "#111111" });
    isAway = true;
    await eventually("a failure", () =>
      proxy.log.find(({ msg }) => String(msg).includes("can't be read")),
    );
    expect(await brandingOf(proxy)).toEqual({ agentName: "Acme", primaryColor: "#111111" });
  });
});
