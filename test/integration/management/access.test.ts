import { beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../../../proxy/protocol.ts";
import { call, startPlatform, type TestProxy } from "../../support/proxy.ts";
import { ADMIN_TOKEN, manage, MANAGEMENT_KEY, NOWHERE, startLexey, startOwners } from "./owners.ts";

describe("the owner, through the proxy,", () => {
  let proxy: TestProxy;
  beforeAll(async () => {
    const { url } = await startPlatform({ managementKeys: [MANAGEMENT_KEY] });
    proxy = await startOwners(url);
  });

  it("talks to the configuration agent: a conversation, a streamed answer, its history", async () => {
    const created = await manage(proxy, "/conversations", { method: "POST" });
    expect(created.status).toBe(201);
    const { conversationId } = created.body as { conversationId: string };
    const path = `/conversations/${conversationId}/messages`;
    const answer = await manage(proxy, path, { body: { message: "Hello" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    expect(answer.text).toMatch(/^id: 1\ndata: \{"type":"delta"/);
    expect(answer.text).toMatch(/data: \[DONE\]\n\n$/);
    const history = await manage(proxy, path);
    expect(history.body).toMatchObject({
      messages: [{ role: "user", content: "Hello" }, { role: "assistant" }],
    });
  });

  it.each([
    ["an unknown conversation", "/conversations/unknown/messages", { message: "Hi" }, 404],
    ["an unknown call", "/nothing", {}, 404],
    ["a message that is none", "/conversations", undefined, 201],
  ])("gets the platform's own answer about %s", async (_name, path, body, status) => {
    const answer = await manage(proxy, path, { method: "POST", body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(answer.body).not.toHaveProperty("code");
  });
});

describe("only the owner", () => {
  it.each([
    ["nothing", undefined, ""],
    ["another token", "Bearer wrong-token-of-somebody-else-0123456789", ""],
    ["the platform's key", `Bearer ${MANAGEMENT_KEY}`, ""],
    ["the token in the query", undefined, `?token=${ADMIN_TOKEN}`],
  ])("gets anything, and not who brings %s", async (_name, authorization, query) => {
    const lexey = await startLexey();
    const proxy = await startOwners(lexey.url);
    const answer = await call(`${proxy.url}/api/management/conversations${query}`, {
      method: "POST",
      headers: { Authorization: authorization },
    });
    expect(answer).toMatchObject({ status: 401, body: { code: "admin_token_invalid" } });
    expect(lexey.requests).toEqual([]);
  });

  it("is let in: after ten wrong tries in a minute nobody is", async () => {
    const proxy = await startOwners((await startLexey()).url);
    for (let tries = 0; tries < 10; tries += 1)
      await manage(proxy, "/x", { headers: { Authorization: "Bearer wrong" } });
    const { status, headers } = await manage(proxy, "/x");
    expect(status).toBe(429);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it.each([
    ["ADMIN_TOKEN", { ADMIN_TOKEN: "" }, "nothing"],
    ["LEXEY_MANAGEMENT_KEY", { LEXEY_MANAGEMENT_KEY: "" }, "set LEXEY_MANAGEMENT_KEY"],
  ])("finds it, and nobody without %s", async (_name, environment, detail) => {
    const proxy = await startOwners(NOWHERE, environment);
    const answer = await manage(proxy, "/conversations", { method: "POST" });
    expect(answer).toMatchObject({ status: 404, body: { code: "route_not_found" } });
    expect((answer.body as Problem).detail).toContain(detail);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("calls it, and no page: no answer has a CORS header, and a preflight is refused", async () => {
    const proxy = await startOwners((await startLexey()).url);
    const preflight = { "Access-Control-Request-Method": "POST", Authorization: undefined };
    for (const answer of [
      await manage(proxy, "/conversations"),
      await manage(proxy, "/conversations", { headers: { Authorization: "Bearer wrong" } }),
      await manage(proxy, "/a.b"),
      await manage(proxy, "/conversations", { method: "OPTIONS", headers: preflight }),
    ]) {
      expect(
        [...answer.headers.keys()].filter((name) => name.startsWith("access-control")),
      ).toEqual([]);
      expect(answer.headers.get("cache-control")).toContain("no-store");
    }
  });
});
