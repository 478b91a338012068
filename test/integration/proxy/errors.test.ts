import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode, Problem } from "../../../proxy/protocol.ts";
import {
  call,
  createVisitor,
  ORIGIN,
  startChat,
  type Answer,
  type CallOptions,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";

let proxy: TestProxy;
let visitor: Visitor;
let handle: string;

beforeAll(async () => {
  proxy = await startChat({}, { LIMIT_MESSAGE_CHARACTERS: "50", LIMIT_BODY_BYTES: "1000" });
  visitor = await createVisitor(proxy.url);
  handle = (await visitor.ask("Hello")).conversationId;
});

type Refusal = { status: number; code: ErrorCode; field?: string };
type Case = [name: string, path: string, options: CallOptions, refusal: Refusal];

const invalid = (field: string): Refusal => ({ status: 400, code: "invalid_request", field });
const notFound: Refusal = { status: 404, code: "conversation_not_found" };
const reply = (name: string, body: unknown, refusal: Refusal): Case => [
  name,
  "/reply",
  { body },
  refusal,
];

const cases: Case[] = [
  reply("content is missing", {}, invalid("content")),
  reply("content is empty", { content: "" }, invalid("content")),
  reply("content is blank", { content: " \n\t\u00A0" }, invalid("content")),
  reply("content is a number", { content: 42 }, invalid("content")),
  reply("content is null", { content: null }, invalid("content")),
  reply("content is an array", { content: ["Hello"] }, invalid("content")),
  reply("content is an object", { content: { text: "Hello" } }, invalid("content")),
  reply("the body is an array", [], invalid("content")),
  reply("the body is null", "null", invalid("body")),
  reply("the body is a string", '"Hello"', invalid("body")),
  ["there is no body", "/reply", { method: "POST" }, invalid("content")],
  reply("the JSON is broken", '{"content": "Hello', {
    status: 400,
    code: "invalid_json",
    field: "body",
  }),
  reply("the body is no JSON at all", "content=Hello", {
    status: 400,
    code: "invalid_json",
    field: "body",
  }),
  reply(
    "a message is too long",
    { content: "x".repeat(51) },
    {
      status: 413,
      code: "message_too_long",
      field: "content",
    },
  ),
  reply(
    "the body is too large",
    { content: "x".repeat(2000) },
    {
      status: 413,
      code: "body_too_large",
    },
  ),
  reply(
    "conversationId is a number",
    { content: "Hi", conversationId: 1 },
    invalid("conversationId"),
  ),
  reply(
    "conversationId is null",
    { content: "Hi", conversationId: null },
    invalid("conversationId"),
  ),
  reply(
    "conversationId is an array",
    { content: "Hi", conversationId: [] },
    invalid("conversationId"),
  ),
  reply(
    "conversationId has over 300 characters",
    { content: "Hi", conversationId: "x".repeat(301) },
    invalid("conversationId"),
  ),
  reply("conversationId is empty", { content: "Hi", conversationId: "" }, notFound),
  reply("conversationId is no handle", { content: "Hi", conversationId: "abc-123" }, notFound),
  reply("conversationId looks like a handle", { content: "Hi", conversationId: "YQ.YQ" }, notFound),
  ["a history's id does not verify", "/abc.def/messages", {}, notFound],
  ["a stream's id does not verify", "/abc.def/stream", {}, notFound],
  ["a status' id does not verify", "/abc.def/status", {}, notFound],
  ["a stop's id does not verify", "/abc.def/stop", { method: "POST" }, notFound],
  [
    "a rating's id does not verify",
    "/abc.def/messages/m/feedback",
    { body: { rating: "up" } },
    notFound,
  ],
  ["a path's id has over 300 characters", `/${"x".repeat(301)}/status`, {}, invalid("id")],
  [
    "a rating is unknown",
    "/{handle}/messages/m/feedback",
    { body: { rating: "five" } },
    invalid("rating"),
  ],
  ["a rating is missing", "/{handle}/messages/m/feedback", { body: {} }, invalid("rating")],
  [
    "a rated message has no usable id",
    "/{handle}/messages/a%20b/feedback",
    { body: { rating: "up" } },
    invalid("messageId"),
  ],
  ...["since", "before"].flatMap((name): Case[] => [
    [`${name} is repeated`, `/{handle}/messages?${name}=a&${name}=b`, {}, invalid(name)],
    [`${name} is empty`, `/{handle}/messages?${name}=`, {}, invalid(name)],
    [`${name} has other characters`, `/{handle}/messages?${name}=a%0d%0ab`, {}, invalid(name)],
    [`${name} is huge`, `/{handle}/messages?${name}=${"a".repeat(500)}`, {}, invalid(name)],
    [
      `${name} names no message`,
      `/{handle}/messages?${name}=00000000-0000-4000-8000-000000000000`,
      {},
      invalid(name),
    ],
  ]),
  ...["0", "-1", "101", "99999999999", "ten", "1.5", "1e1", "", "%20"].map((limit): Case => [
    `limit is "${limit}"`,
    `/{handle}/messages?limit=${limit}`,
    {},
    invalid("limit"),
  ]),
  ["limit is repeated", "/{handle}/messages?limit=1&limit=2", {}, invalid("limit")],
  ["limit is an object", "/{handle}/messages?limit[a]=1&limit=", {}, invalid("limit")],
  ["the limit of a list is 51", "?limit=51", {}, invalid("limit")],
  ["ids is repeated", "?ids=a&ids=b", {}, invalid("ids")],
  ["ids has more than 50", `?ids=${"a,".repeat(51)}`, {}, invalid("ids")],
  ["a route is unknown", "/{handle}/export", {}, { status: 404, code: "route_not_found" }],
  [
    "a method is unknown",
    "/{handle}",
    { method: "DELETE" },
    { status: 404, code: "route_not_found" },
  ],
  ["a path is no UTF-8", "/%ff/status", {}, { status: 404, code: "route_not_found" }],
  ...(["short", "x".repeat(201), "has a space in it", "schlüssel-mit-umlaut"] as const).map(
    (key): Case => [
      `Idempotency-Key is ${key.slice(0, 20)}`,
      "/reply",
      { body: { content: "Hi" }, headers: { "Idempotency-Key": key } },
      invalid("Idempotency-Key"),
    ],
  ),
  ...[
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    undefined,
  ].map((type): Case => [
    `the content type is ${type ?? "missing"}`,
    "/reply",
    { body: '{"content":"Hi"}', headers: { "Content-Type": type } },
    { status: 415, code: "unsupported_media_type", field: "Content-Type" },
  ]),
  [
    "the charset is another one",
    "/reply",
    { body: '{"content":"Hi"}', headers: { "Content-Type": "application/json; charset=latin1" } },
    { status: 415, code: "unsupported_media_type" },
  ],
  [
    "there is no token",
    "/{handle}/status",
    { headers: { Authorization: undefined } },
    { status: 401, code: "token_missing" },
  ],
  [
    "the token is of another scheme",
    "/{handle}/status",
    { headers: { Authorization: "Basic YTpi" } },
    { status: 401, code: "token_invalid" },
  ],
  [
    "the token is forged",
    "/{handle}/status",
    { headers: { Authorization: "Bearer e30.e30.e30" } },
    { status: 401, code: "token_invalid" },
  ],
  [
    "a page is not allowed",
    "/{handle}/status",
    { headers: { Origin: "https://evil.example" } },
    { status: 403, code: "origin_not_allowed", field: "Origin" },
  ],
  [
    "a page has no origin of its own",
    "/reply",
    { body: { content: "Hi" }, headers: { Origin: "null" } },
    { status: 403, code: "origin_not_allowed", field: "Origin" },
  ],
  [
    "a POST has no Origin",
    "/reply",
    { body: { content: "Hi" }, headers: { Origin: undefined } },
    { status: 403, code: "origin_not_allowed", field: "Origin" },
  ],
];

describe("a request is refused when", () => {
  it.each(cases)("%s", async (_name, path, options, refusal) => {
    const answer = await visitor.request(path.replace("{handle}", handle), options);
    expectProblem(answer, refusal);
  });

  it("its body is compressed", async () => {
    const response = await fetch(`${proxy.url}/api/conversations/reply`, {
      method: "POST",
      headers: {
        Origin: ORIGIN,
        Authorization: `Bearer ${visitor.token}`,
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
      },
      body: gzipSync('{"content":"Hi"}'),
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: "unsupported_media_type" });
  });

  it.each([
    ["an identity is no string", { identity: 1 }, invalid("identity")],
    ["an identity is huge", "x".repeat(500), invalid("body")],
    [
      "an identity can't be checked",
      { identity: "e30.e30.e30" },
      { status: 401, code: "identity_invalid", field: "identity" } as Refusal,
    ],
  ])("%s", async (_name, body, refusal) => {
    const json = typeof body === "string" ? JSON.stringify(body) : body;
    expectProblem(await call<Problem>(`${proxy.url}/api/session`, { body: json }), refusal);
  });
});

/** A problem of the right shape, readable by any page, with nothing that a cookie could ride on. */
function expectProblem(answer: Answer<Problem>, { status, code, field }: Refusal): void {
  expect(answer.body).toMatchObject({ status, code, ...(field && { field }) });
  expect(answer.status).toBe(status);
  const { headers, body } = answer;
  expect(headers.get("content-type")).toMatch(/^application\/problem\+json\b/);
  expect(headers.get("access-control-allow-origin")).toBe("*");
  expect(headers.get("access-control-allow-credentials")).toBeNull();
  expect(headers.get("cache-control")).toBe("no-store");
  expect(body.requestId).toBe(headers.get("x-request-id"));
  expect(Object.keys(body).sort()).toEqual(
    [
      "code",
      "detail",
      "requestId",
      "retryable",
      "status",
      "title",
      "type",
      ...(field ? ["field"] : []),
    ].sort(),
  );
  if (field) expect(body.detail).toContain(field);
}

describe("a refused origin", () => {
  it("is named with the setting to change, in the answer and in the log", async () => {
    const { body } = await call<Problem>(`${proxy.url}/api/session`, {
      body: {},
      headers: { Origin: "https://new-shop.example:8443" },
    });
    expect(body.detail).toContain("https://new-shop.example:8443");
    expect(body.detail).toContain("ALLOWED_ORIGINS");
    expect(proxy.log).toContainEqual(
      expect.objectContaining({
        level: 40,
        origin: "https://new-shop.example:8443",
        msg: expect.stringContaining("ALLOWED_ORIGINS"),
      }),
    );
  });
});
