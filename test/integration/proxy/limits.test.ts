import { describe, expect, it } from "vitest";
import type { ErrorCode, Problem } from "../../../proxy/protocol.ts";
import {
  call,
  createVisitor,
  startChat,
  type Answer,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";

/** A 429 with the seconds to wait, the same in header and body. */
function expectTooMany(answer: Answer, code: ErrorCode, maximum: number): void {
  const problem = answer.body as Problem;
  expect(answer.status).toBe(429);
  expect(problem).toMatchObject({ code, retryable: true });
  const seconds = Number(answer.headers.get("retry-after"));
  expect(seconds).toBe(problem.retryAfter);
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(maximum);
}

const session = (proxy: TestProxy, headers: Record<string, string> = {}): Promise<Answer> =>
  call(`${proxy.url}/api/session`, { body: {}, headers });

/** Each send opens a conversation of its own. */
const send = (visitor: Visitor): Promise<Answer> => visitor.reply("Hello");

describe("the limit of", () => {
  it("sessions per address refuses the next one", async () => {
    const proxy = await startChat({}, { LIMIT_SESSIONS_PER_ADDRESS: "2" });
    expect((await session(proxy)).status).toBe(200);
    expect((await session(proxy)).status).toBe(200);
    const refused = await session(proxy);
    expectTooMany(refused, "too_many_requests", 60);
    expect(refused.headers.get("access-control-expose-headers")).toContain("Retry-After");
  });

  it("messages per address counts all visitors of it", async () => {
    const proxy = await startChat({}, { LIMIT_MESSAGES_PER_ADDRESS: "2" });
    for (let sent = 0; sent < 2; sent += 1) {
      expect((await send(await createVisitor(proxy.url))).status).toBe(202);
    }
    expectTooMany(await send(await createVisitor(proxy.url)), "too_many_requests", 60);
  });

  it("messages per visitor leaves the others alone", async () => {
    const proxy = await startChat({}, { LIMIT_MESSAGES_PER_VISITOR: "1" });
    const [one, other] = [await createVisitor(proxy.url), await createVisitor(proxy.url)];
    expect((await send(one)).status).toBe(202);
    expectTooMany(await send(one), "too_many_requests", 60);
    expect((await send(other)).status).toBe(202);
  });

  it("messages per day refuses everybody", async () => {
    const proxy = await startChat({}, { LIMIT_MESSAGES_PER_DAY: "1" });
    expect((await send(await createVisitor(proxy.url))).status).toBe(202);
    expectTooMany(await send(await createVisitor(proxy.url)), "daily_limit_reached", 86_400);
  });

  it("messages per conversation says that waiting is no use, and a new one is", async () => {
    const proxy = await startChat({}, { LIMIT_MESSAGES_PER_CONVERSATION: "2" });
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    await visitor.ask("Thanks", conversationId);
    const full = await visitor.reply("Hello", conversationId);
    expect(full).toMatchObject({
      status: 429,
      body: { code: "conversation_full", retryable: false },
    });
    expect(full.headers.get("retry-after")).toBeNull();
    expect(await visitor.messages(conversationId)).toHaveLength(4);
    expect((await send(visitor)).status).toBe(202);
  });

  it("reads per visitor counts all that makes the platform answer, and leaves the others alone", async () => {
    const proxy = await startChat({}, { LIMIT_READS_PER_VISITOR: "50" });
    const [one, other] = [await createVisitor(proxy.url), await createVisitor(proxy.url)];
    const { conversationId } = await one.ask("Hello");
    const { conversationId: others } = await other.ask("Hello");
    const reads = await Promise.all(
      Array.from({ length: 50 }, () => one.request(`/${conversationId}/status`)),
    );
    expect(new Set(reads.map(({ status }) => status))).toContain(200);
    for (const path of ["messages", "status", "stream"]) {
      expectTooMany(await one.request(`/${conversationId}/${path}`), "too_many_requests", 60);
      const { status } = await other.request(`/${others}/${path === "stream" ? "status" : path}`);
      expect(status).toBe(200);
    }
    expectTooMany(await one.request(`?ids=${conversationId}`), "too_many_requests", 60);
    const rating = { method: "POST", body: { rating: "up" } };
    const path = `/${conversationId}/messages/m-1/feedback`;
    expectTooMany(await one.request(path, rating), "too_many_requests", 60);
    expect((await one.reply("Hello", conversationId)).status).toBe(202);
  });

  it("reads per address counts each conversation of a list, for all visitors of it", async () => {
    const environment = { LIMIT_READS_PER_ADDRESS: "50", LIMIT_READS_PER_VISITOR: "1000" };
    const proxy = await startChat({}, environment);
    const visitor = await createVisitor(proxy.url);
    const handles: string[] = [];
    for (const text of ["Hello", "Hi"])
      handles.push((await visitor.reply(text)).body.conversationId);
    let lists = 0;
    while ((await visitor.request(`?ids=${handles.join(",")}`)).status === 200) lists += 1;
    expect(lists).toBeGreaterThan(20);
    expect(lists).toBeLessThanOrEqual(25);
    const other = await createVisitor(proxy.url);
    expectTooMany(await other.request(""), "too_many_requests", 60);
  });

  it.each([
    ["streams per visitor", { LIMIT_STREAMS_PER_VISITOR: "1" }],
    ["streams per address", { LIMIT_STREAMS_PER_ADDRESS: "1" }],
    ["streams", { LIMIT_STREAMS: "1" }],
  ])("%s refuses a further one until one is closed", async (_name, environment) => {
    const proxy = await startChat({}, environment);
    const visitor = await createVisitor(proxy.url);
    const { body } = await visitor.reply("Hello");
    const first = await visitor.stream(body.conversationId);
    await first.snapshot();
    const path = `/${body.conversationId}/stream`;
    expectTooMany(await visitor.request(path), "too_many_streams", 60);
    first.close();
    await expect
      .poll(async () => {
        const next = await visitor.stream(body.conversationId);
        return next.status;
      })
      .toBe(200);
  });

  it("streams per visitor leaves the others alone", async () => {
    const proxy = await startChat({}, { LIMIT_STREAMS_PER_VISITOR: "1" });
    for (const visitor of [await createVisitor(proxy.url), await createVisitor(proxy.url)]) {
      const { body } = await visitor.reply("Hello");
      expect((await visitor.stream(body.conversationId)).status).toBe(200);
    }
  });

  it("a message's characters counts UTF-16 units", async () => {
    const proxy = await startChat({}, { LIMIT_MESSAGE_CHARACTERS: "4" });
    const visitor = await createVisitor(proxy.url);
    expect((await visitor.reply("😀😀")).status).toBe(202);
    expect(await visitor.reply("😀😀!")).toMatchObject({
      status: 413,
      body: { code: "message_too_long", detail: expect.stringContaining("4") },
    });
  });

  it("a body's bytes counts bytes", async () => {
    const proxy = await startChat({}, { LIMIT_BODY_BYTES: "40" });
    const visitor = await createVisitor(proxy.url);
    expect((await visitor.reply("x".repeat(20))).status).toBe(202);
    expect(await visitor.reply("é".repeat(20))).toMatchObject({
      status: 413,
      body: { code: "body_too_large" },
    });
  });
});

describe("a refused send", () => {
  it("does not reach the platform", async () => {
    const proxy = await startChat({}, { LIMIT_MESSAGES_PER_VISITOR: "1" });
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    await visitor.reply("Thanks", conversationId);
    expect(await visitor.messages(conversationId)).toHaveLength(2);
  });
});

describe("X-Forwarded-For", () => {
  const limited = { LIMIT_SESSIONS_PER_ADDRESS: "1" };
  const from = (address: string) => ({ "X-Forwarded-For": address });

  it("changes nothing without TRUST_PROXY", async () => {
    const proxy = await startChat({}, limited);
    expect((await session(proxy, from("192.0.2.1"))).status).toBe(200);
    expect((await session(proxy, from("192.0.2.2"))).status).toBe(429);
  });

  it("tells the address behind a trusted proxy", async () => {
    const proxy = await startChat({}, { ...limited, TRUST_PROXY: "1" });
    expect((await session(proxy, from("192.0.2.1"))).status).toBe(200);
    expect((await session(proxy, from("192.0.2.1"))).status).toBe(429);
    expect((await session(proxy, from("192.0.2.2"))).status).toBe(200);
  });

  it("is believed only as far as the proxies are trusted", async () => {
    const proxy = await startChat({}, { ...limited, TRUST_PROXY: "1" });
    expect((await session(proxy, from("198.51.100.1, 192.0.2.1"))).status).toBe(200);
    expect((await session(proxy, from("198.51.100.2, 192.0.2.1"))).status).toBe(429);
  });

  it("is not believed from an address that is no trusted proxy", async () => {
    const proxy = await startChat({}, { ...limited, TRUST_PROXY: "10.0.0.1" });
    expect((await session(proxy, from("192.0.2.1"))).status).toBe(200);
    expect((await session(proxy, from("192.0.2.2"))).status).toBe(429);
  });

  it("counts an IPv6 network as one address", async () => {
    const proxy = await startChat({}, { ...limited, TRUST_PROXY: "loopback" });
    expect((await session(proxy, from("2001:db8:0:1::1"))).status).toBe(200);
    expect((await session(proxy, from("2001:db8:0:1:ffff::2"))).status).toBe(429);
    expect((await session(proxy, from("2001:db8:0:2::1"))).status).toBe(200);
  });
});

describe("the owner's metrics", () => {
  const ADMIN_TOKEN = "the-owner-of-this-proxy-knows-this-token";
  const read = (proxy: TestProxy, token: string): Promise<Answer> =>
    call(`${proxy.url}/metrics`, { headers: { Authorization: `Bearer ${token}` } });

  it("are for ADMIN_TOKEN, and for no page", async () => {
    const proxy = await startChat({}, { ADMIN_TOKEN });
    const { status, text, headers } = await read(proxy, ADMIN_TOKEN);
    expect(status).toBe(200);
    expect(text).toContain("lex_chat_sends_total");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect((await call(`${proxy.url}/metrics`)).status).toBe(401);
    expect((await read(proxy, ADMIN_TOKEN.toUpperCase())).status).toBe(401);
  });

  it("are not there without ADMIN_TOKEN", async () => {
    const proxy = await startChat();
    expect((await read(proxy, "anything")).status).toBe(404);
  });

  it("are not guessed: after ten wrong tries in a minute not even the right token is looked at", async () => {
    const proxy = await startChat({}, { ADMIN_TOKEN });
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await read(proxy, `wrong-${attempt}`)).status).toBe(401);
    }
    expectTooMany(await read(proxy, "wrong"), "too_many_requests", 60);
    expectTooMany(await read(proxy, ADMIN_TOKEN), "too_many_requests", 60);
  });

  it.each(["Basic YTpi", `bearer${ADMIN_TOKEN}`, `Bearer ${ADMIN_TOKEN} more`, "Bearer"])(
    "are not for %s, which counts as a wrong try",
    async (authorization) => {
      const proxy = await startChat({}, { ADMIN_TOKEN });
      const tries = Array.from({ length: 10 }, () =>
        call(`${proxy.url}/metrics`, { headers: { Authorization: authorization } }),
      );
      for (const { status, body } of await Promise.all(tries)) {
        expect(status).toBe(401);
        expect(body).toMatchObject({ code: "admin_token_invalid" });
      }
      expectTooMany(await read(proxy, ADMIN_TOKEN), "too_many_requests", 60);
    },
  );

  it("are not locked by requests that bring no token", async () => {
    const proxy = await startChat({}, { ADMIN_TOKEN });
    for (let probe = 0; probe < 11; probe += 1)
      expect((await call(`${proxy.url}/metrics`)).status).toBe(401);
    expect((await read(proxy, ADMIN_TOKEN)).status).toBe(200);
  });

  it("warn once of a reverse proxy that is not trusted", async () => {
    const proxy = await startChat();
    const warnings = () => proxy.log.filter(({ msg }) => String(msg).includes("TRUST_PROXY=1"));
    await call(`${proxy.url}/healthz`);
    expect(warnings()).toHaveLength(0);
    for (const address of ["192.0.2.1", "192.0.2.2"]) {
      await call(`${proxy.url}/healthz`, { headers: { "X-Forwarded-For": address } });
    }
    expect(warnings()).toHaveLength(1);
  });
});
