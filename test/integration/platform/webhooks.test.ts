import { describe, expect, test } from "vitest";
import { receive } from "./receive.ts";
import { connect, startLex } from "./start.ts";

const ME = "/api/webhooks/me";

describe("/api/webhooks/me", () => {
  test("is null until one is set, and again when it was removed", async () => {
    const lex = await startLex();
    const webhook = {
      url: "https://shop.example/hook",
      method: "PUT",
      headers: { "X-Custom-Auth": "secret" },
      bodyTemplate: { text: "{{message}}" },
    };

    expect((await lex.call("GET", ME)).body).toBeNull();
    expect((await lex.call("PUT", ME, webhook)).body).toEqual(webhook);
    expect((await lex.call("GET", ME)).body).toEqual(webhook);
    expect((await lex.call("DELETE", ME)).status).toBe(200);
    expect((await lex.call("GET", ME)).body).toBeNull();
  });

  test("is POST without headers by default, and belongs to one account", async () => {
    const { url } = await startLex({ keys: ["lex2_one", "lex2_two"] });
    await connect(url, "lex2_one").call("PUT", ME, { url: "https://shop.example/hook" });

    expect((await connect(url, "lex2_one").call("GET", ME)).body).toMatchObject({
      method: "POST",
      headers: {},
    });
    expect((await connect(url, "lex2_two").call("GET", ME)).body).toBeNull();
  });

  const url = "https://shop.example/hook";
  test.each([
    ["url", {}],
    ["url", { url: "shop.example" }],
    ["url", { url: "ftp://shop.example" }],
    ["url", { url: "https://user:password@shop.example" }],
    ["url", { url: 5 }],
    ["method", { url, method: "GET" }],
    ["method", { url, method: 5 }],
    ["headers", { url, headers: "x" }],
    ["headers", { url, headers: { a: 5 } }],
    ["headers", { url, headers: { "a b": "c" } }],
    ["headers", { url, headers: { a: "b\r\nc: d" } }],
    ["headers", { url, headers: { Host: "other.example" } }],
    ["bodyTemplate", { url, bodyTemplate: "{{message}}" }],
    ["body", []],
  ])("refuses a wrong %s with 400: %j", async (field, webhook) => {
    const lex = await startLex();
    const { status, body } = await lex.call("PUT", ME, webhook);

    expect(status).toBe(400);
    expect(body["error"]).toContain(field);
    expect((await lex.call("GET", ME)).body).toBeNull();
  });
});

describe("a message from Lex", () => {
  test("reaches the webhook with its method, headers and template", async () => {
    const hook = await receive();
    const lex = await startLex();
    await lex.call("PUT", ME, {
      url: `${hook.url}?a=b`,
      method: "PATCH",
      headers: { "X-Custom-Auth": "secret", "Content-Type": "application/vnd.shop+json" },
      bodyTemplate: {
        text: "{{message}}",
        meta: [{ id: "{{conversationId}}", by: "{{from}}", at: "{{timestamp}}" }],
        title: "{{conversationTitle}} / {{subject}}",
      },
    });
    const { conversationId, answer } = await lex.ask("Is shipping free?");
    const [request] = await hook.count(1);
    const at = (await lex.messages(conversationId)).messages[1]?.created_at;

    expect(request).toMatchObject({
      method: "PATCH",
      url: "/hook?a=b",
      headers: { "x-custom-auth": "secret", "content-type": "application/vnd.shop+json" },
    });
    expect(JSON.parse(request?.body ?? "")).toEqual({
      text: answer,
      meta: [{ id: conversationId, by: "lex", at }],
      title: "Is shipping free? / Is shipping free?",
    });
  });

  test("has the document's body by default", async () => {
    const hook = await receive();
    const lex = await startLex();
    await lex.call("PUT", ME, { url: hook.url });
    const { conversationId, answer } = await lex.ask("Is shipping free?");
    const [request] = await hook.count(1);

    expect(request?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(request?.body ?? "")).toEqual({ text: answer, conversationId, from: "lex" });
  });

  test("is fired when Lex speaks of its own accord", async () => {
    const hook = await receive();
    const lex = await startLex();
    await lex.call("PUT", ME, { url: hook.url });
    await lex.call("POST", "/demo/proactive", { content: "Your grinder is ready." });
    const [request] = await hook.count(1);

    expect(JSON.parse(request?.body ?? "")).toMatchObject({ text: "Your grinder is ready." });
  });

  test.each([
    ["a 500", 500],
    ["a 429", 429],
  ])("is sent again after %s", async (_case, status) => {
    const hook = await receive((response, count) => {
      response.statusCode = count < 3 ? status : 204;
      response.end();
    });
    const lex = await startLex({ webhookBackoffMs: 5 });
    await lex.call("PUT", ME, { url: hook.url });
    await lex.ask("Is shipping free?");
    const requests = await hook.count(3);

    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
  });

  test("is sent again after a broken connection, five times in all", async () => {
    const hook = await receive((response) => response.destroy());
    const lex = await startLex({ webhookBackoffMs: 1 });
    await lex.call("PUT", ME, { url: hook.url });
    await lex.ask("Is shipping free?");
    await hook.count(5);
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(hook.received).toHaveLength(5);
    expect(lex.log.at(-1)).toContain("attempt 5 of 5");
    expect(lex.log.join()).not.toContain("shipping");
  });

  test("is not sent again when the owner's server says that it is wrong", async () => {
    const hook = await receive((response) => response.writeHead(400).end());
    const lex = await startLex({ webhookBackoffMs: 1 });
    await lex.call("PUT", ME, { url: hook.url });
    await lex.ask("Is shipping free?");
    await hook.count(1);
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(hook.received).toHaveLength(1);
  });

  test("never follows a redirect to an address that the owner did not set", async () => {
    const elsewhere = await receive();
    const hook = await receive((response) =>
      response.writeHead(307, { Location: elsewhere.url }).end(),
    );
    const lex = await startLex({ webhookBackoffMs: 1 });
    await lex.call("PUT", ME, { url: hook.url });
    await lex.ask("Is shipping free?");
    await hook.count(1);
    const { body } = await lex.call("POST", `${ME}/test`);

    expect(body).toEqual({ status: 307 });
    expect(elsewhere.received).toEqual([]);
  });

  test("is not sent again to a webhook that was removed meanwhile", async () => {
    const hook = await receive((response) => response.writeHead(503).end());
    const lex = await startLex({ webhookBackoffMs: 100 });
    await lex.call("PUT", ME, { url: hook.url });
    await lex.ask("Is shipping free?");
    await hook.count(1);
    await lex.call("DELETE", ME);
    await new Promise((resolve) => setTimeout(resolve, 250));

    expect(hook.received).toHaveLength(1);
  });
});

describe("POST /api/webhooks/me/test", () => {
  test("gives the status of the owner's server", async () => {
    const hook = await receive((response) => response.writeHead(418).end("tea"));
    const lex = await startLex();
    await lex.call("PUT", ME, { url: hook.url });

    expect(await lex.call("POST", `${ME}/test`)).toEqual({ status: 200, body: { status: 418 } });
    expect(JSON.parse(hook.received[0]?.body ?? "")).toMatchObject({ from: "lex" });
  });

  test("is 404 without a webhook", async () => {
    const lex = await startLex();

    expect((await lex.call("POST", `${ME}/test`)).status).toBe(404);
  });

  test("is 502 when the server does not answer", async () => {
    const hook = await receive((response) => response.destroy());
    const lex = await startLex();
    await lex.call("PUT", ME, { url: hook.url });

    expect((await lex.call("POST", `${ME}/test`)).status).toBe(502);
  });
});
