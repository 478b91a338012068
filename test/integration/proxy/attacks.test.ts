import { createConnection } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import type { ConversationsResponse, Problem } from "../../../proxy/protocol.ts";
import { createHandles } from "../../../proxy/visitors/handle.ts";
import {
  createVisitor,
  ORIGIN,
  SESSION_SECRET,
  startChat,
  type Answer,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";

const OTHER_SECRET = "a-secret-that-the-attacker-has-made-up-alone";

let proxy: TestProxy;
let victim: Visitor;
let attacker: Visitor;
let conversation: { conversationId: string; question: string };
let rawId: string;
/** The attacker's own conversation. */
let own: string;

beforeAll(async () => {
  proxy = await startChat({}, { LIMIT_MESSAGES_PER_VISITOR: "1000" });
  victim = await createVisitor(proxy.url);
  attacker = await createVisitor(proxy.url);
  conversation = await victim.ask("My address is 1 Secret Street");
  own = (await attacker.ask("Hello")).conversationId;
  rawId = Buffer.from(conversation.conversationId.split(".")[0] ?? "", "base64url").toString();
});

describe("a conversation of somebody else", () => {
  const ways: Array<[way: string, handle: () => string]> = [
    ["the victim's own handle, replayed with another token", () => conversation.conversationId],
    ["the platform's id instead of a handle", () => rawId],
    ["a handle without its signature", () => `${Buffer.from(rawId).toString("base64url")}.`],
    [
      "the victim's id over the signature of an own conversation",
      () => [conversation.conversationId.split(".")[0], own.split(".")[1]].join("."),
    ],
    [
      "a handle signed with another secret",
      () => createHandles([OTHER_SECRET], "lex").create(attacker.visitorId, rawId),
    ],
    [
      "a handle of another platform",
      () => createHandles([SESSION_SECRET], "lexey").create(attacker.visitorId, rawId),
    ],
    [
      "a handle whose fields run into each other",
      () =>
        createHandles([SESSION_SECRET], "lex").create(
          attacker.visitorId.slice(0, -1),
          `${attacker.visitorId.at(-1)}${rawId}`,
        ),
    ],
    ["the victim's handle in another spelling", () => `${conversation.conversationId}=`],
  ];
  const routes: Array<[route: string, request: (handle: string) => Promise<Answer<Problem>>]> = [
    ["read", (handle) => attacker.request(`/${handle}/messages`)],
    ["followed", (handle) => attacker.request(`/${handle}/stream`)],
    ["watched", (handle) => attacker.request(`/${handle}/status`)],
    ["stopped", (handle) => attacker.request(`/${handle}/stop`, { method: "POST" })],
    [
      "rated",
      (handle) =>
        attacker.request(`/${handle}/messages/${conversation.question}/feedback`, {
          body: { rating: "down" },
        }),
    ],
    [
      "written to",
      (handle) =>
        attacker.request("/reply", { body: { content: "I moved", conversationId: handle } }),
    ],
  ];

  describe.each(routes)("is not %s by", (_route, request) => {
    it.each(ways)("%s", async (_way, handle) => {
      const refused = await request(handle());
      const unknown = await request("bm8tc3VjaC1pZA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
      expect(refused.status).toBe(404);
      // The same words for wrong and missing: nobody learns that it exists.
      expect({ ...refused.body, requestId: "" }).toEqual({ ...unknown.body, requestId: "" });
    });
  });

  it.each(ways)("is not listed by %s", async (_way, handle) => {
    const { body } = await attacker.request<ConversationsResponse>(`?ids=${handle()}`);
    expect(body).toEqual({ conversations: [] });
  });

  it("is as it was after all of that", async () => {
    expect(await victim.messages(conversation.conversationId)).toHaveLength(2);
  });
});

describe("a request line or header", () => {
  it.each([
    ["..%2f..%2f..%2fhealthz/messages"],
    ["%2e%2e/messages"],
    ["..%5c..%5cmessages/messages"],
    ["%00/messages"],
    ["a%0d%0aSet-Cookie:%20stolen=1/messages"],
    ["__proto__/messages"],
    ["constructor/status"],
  ])("can't leave its place: %s", async (path) => {
    const { status, headers } = await attacker.request(`/${path}`);
    expect(status).toBe(404);
    expect(headers.get("set-cookie")).toBeNull();
  });

  it.each([
    ["Last-Event-ID", "a\r\nX-Injected: yes"],
    ["Idempotency-Key", "12345678\r\nX-Injected: yes"],
    ["Origin", `${ORIGIN}\r\nX-Injected: yes`],
    ["Last-Event-ID", "a\u0000b"],
    ["Last-Event-ID", "a\rid: forged"],
  ])("can't put a line into the answer: %s %j", async (name, value) => {
    const handle = conversation.conversationId;
    const answer = await raw([
      `GET /api/conversations/${handle}/stream HTTP/1.1`,
      "Host: localhost",
      "Connection: close",
      `Authorization: Bearer ${victim.token}`,
      ...(name === "Origin" ? [] : [`Origin: ${ORIGIN}`]),
      `${name}: ${value}`,
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400)/);
    expect(answer).not.toMatch(/X-Injected|forged/i);
  });

  /** Sends lines as they are and gives the beginning of the answer. */
  function raw(lines: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(proxy.port, "127.0.0.1", () =>
        socket.write(`${lines.join("\r\n")}\r\n\r\n`),
      );
      let answer = "";
      socket.on("data", (bytes) => {
        answer += bytes.toString();
        if (answer.includes("conversation:init") || answer.startsWith("HTTP/1.1 4"))
          socket.destroy();
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(answer));
    });
  }
});
