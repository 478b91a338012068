import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLexEvent, readMessage, readState } from "../../../proxy/platforms/lex-events.ts";

type Payload = Record<string, unknown> | string;

/** The ways in which a name and a payload may travel together. */
const FRAMINGS: Record<
  string,
  (name: string, payload: Payload) => { event?: string; data: string }
> = {
  "event field": (event, payload) => ({
    event,
    data: typeof payload === "string" ? payload : JSON.stringify(payload),
  }),
  "type, flat": (type, payload) => ({
    data: JSON.stringify(
      typeof payload === "string" ? { type, data: payload } : { type, ...payload },
    ),
  }),
  "event, in data": (event, data) => ({ data: JSON.stringify({ event, data }) }),
  "type, in payload": (type, payload) => ({ data: JSON.stringify({ type, payload }) }),
  "both, in data": (name, data) => ({ event: name, data: JSON.stringify({ type: name, data }) }),
};

const message = { id: "m1", role: "assistant", content: "Hi", created_at: "2026-02-25T00:00:00Z" };
const readAs = { id: "m1", role: "assistant", content: "Hi", createdAt: "2026-02-25T00:00:00Z" };
const toolUse = { messageId: "m1", toolUseId: "t1", name: "search", input: { query: "x" } };
const toolResult = { type: "tool-result", toolUseId: "t1", ok: true, result: ["x"] };

describe.each(Object.keys(FRAMINGS))("framed by %s", (framing) => {
  const parse = (name: string, payload: Payload) =>
    parseLexEvent(FRAMINGS[framing]?.(name, payload) ?? { data: "" });

  test.each([
    ["conversation:init", { state: "responding" }, { type: "init", state: "responding" }],
    [
      "conversation:init",
      { conversation: { state: "thinking" } },
      { type: "init", state: "thinking" },
    ],
    ["conversation:init", { state: null }, { type: "init", state: "idle" }],
    ["conversation:init", { messages: [] }, { type: "init", state: null }],
    ["conversation:state", { state: "thinking" }, { type: "state", state: "thinking" }],
    ["conversation:state", { status: "responding" }, { type: "state", state: "responding" }],
    ["conversation:state", { state: null }, { type: "state", state: "idle" }],
    ["conversation:state", { state: "something new" }, { type: "state", state: "idle" }],
    ["conversation:state", "thinking", { type: "state", state: "thinking" }],
    [
      "message:chunk",
      { messageId: "m1", text: " Hi" },
      { type: "chunk", messageId: "m1", text: " Hi" },
    ],
    [
      "message:chunk",
      { message_id: "m1", token: "Hi" },
      { type: "chunk", messageId: "m1", text: "Hi" },
    ],
    ["message:chunk", { id: "m1", content: "Hi" }, { type: "chunk", messageId: "m1", text: "Hi" }],
    [
      "message:chunk",
      { message: { id: "m1" }, delta: "Hi" },
      { type: "chunk", messageId: "m1", text: "Hi" },
    ],
    ["message:chunk", { delta: { text: "Hi" } }, { type: "chunk", messageId: null, text: "Hi" }],
    ["message:chunk", { chunk: { content: "Hi" } }, { type: "chunk", messageId: null, text: "Hi" }],
    ["message:chunk", { value: "Hi" }, { type: "chunk", messageId: null, text: "Hi" }],
    [
      "message:chunk",
      { content: [{ type: "text", text: "H" }, { text: "i" }, { type: "image" }] },
      { type: "chunk", messageId: null, text: "Hi" },
    ],
    ["message:chunk", " Hi", { type: "chunk", messageId: null, text: " Hi" }],
    ["message:chunk", { messageId: "m1" }, null],
    ["message:new", message, { type: "message", message: readAs }],
    ["message:new", { message }, { type: "message", message: readAs }],
    ["message:new", { message, messageId: "m1" }, { type: "message", message: readAs }],
    ["message:complete", message, { type: "complete", message: readAs }],
    ["message:complete", { message }, { type: "complete", message: readAs }],
    [
      "message:complete",
      { messageId: "m1" },
      { type: "complete", message: { id: "m1", role: null, content: null, createdAt: null } },
    ],
    [
      "message:complete",
      {},
      { type: "complete", message: { id: null, role: null, content: null, createdAt: null } },
    ],
    ["message:tool_use", toolUse, { type: "tool-use", ...toolUse }],
    [
      "message:tool_use",
      { message_id: "m1", tool_use_id: "t1", tool: "search", arguments: { query: "x" } },
      { type: "tool-use", ...toolUse },
    ],
    [
      "message:tool_use",
      { messageId: "m1", tool: { id: "t1", name: "search", input: { query: "x" } } },
      { type: "tool-use", ...toolUse },
    ],
    [
      "message:tool_use",
      {},
      { type: "tool-use", messageId: null, toolUseId: null, name: "tool", input: null },
    ],
    ["message:tool_result", { toolUseId: "t1", result: ["x"] }, toolResult],
    ["message:tool_result", { tool_use_id: "t1", output: ["x"], error: null }, toolResult],
    ["message:tool_result", { tool_result: { id: "t1", content: ["x"] } }, toolResult],
    ["message:tool_result", { tool: { id: "t1", name: "search" }, content: ["x"] }, toolResult],
    ["message:tool_result", {}, { ...toolResult, toolUseId: null, result: null }],
    ["connected", { conversationId: "c1" }, null],
    ["message:deleted", message, null],
  ])("%s %j is read as %j", (name, payload, event) => {
    expect(parse(name, payload)).toEqual(event);
  });

  test.each([
    { ok: false },
    { success: false },
    { status: "error" },
    { is_error: true },
    { isError: true },
    { error: "no such thing" },
  ])("a tool result with %j has failed", (fields) => {
    expect(parse("message:tool_result", fields)).toMatchObject({ ok: false });
  });
});

describe("a bare token as data", () => {
  test.each([
    ["Hi", "Hi"],
    [" hours", " hours"],
    ["42", "42"],
    ["true", "true"],
    ["null", "null"],
    ["[1]", "[1]"],
    ['"quoted"', "quoted"],
    ["{", "{"],
    ["", ""],
  ])("%j is the text %j", (data, text) => {
    expect(parseLexEvent({ event: "message:chunk", data })).toMatchObject({ text });
  });
});

test("the name in the event field is taken before one in the JSON", () => {
  const data = JSON.stringify({ type: "message:complete", text: "Hi" });

  expect(parseLexEvent({ event: "message:chunk", data })?.type).toBe("chunk");
});

test("an unknown event field does not hide the name in the JSON", () => {
  const data = JSON.stringify({ type: "message:chunk", text: "Hi" });

  expect(parseLexEvent({ event: "message", data })?.type).toBe("chunk");
});

test.each([
  ["assistant", "assistant"],
  ["lex", "assistant"],
  ["agent", "assistant"],
  ["bot", "assistant"],
  ["user", "user"],
  ["human", "user"],
  ["customer", "user"],
  ["system", null],
  ["tool", null],
  ["__proto__", null],
  [["assistant"], null],
  [{ toString: null }, null],
  [null, null],
  [1, null],
])("the role %j counts as %j", (role, read) => {
  expect(readMessage({ role }).role).toBe(read);
  expect(readMessage({ sender: role }).role).toBe(read);
});

test.each([
  ["thinking", "thinking"],
  [null, "idle"],
  [undefined, null],
  ["paused", null],
  [{ active: false, state: null }, "idle"],
  [{ status: "thinking" }, "thinking"],
  [{ state: { state: "responding" } }, "responding"],
  [{}, null],
  [[], null],
  [7, null],
])("the state %j is read as %j", (payload, state) => {
  expect(readState(payload)).toBe(state);
});

describe("junk", () => {
  const names = [
    "conversation:init",
    "conversation:state",
    "message:new",
    "message:chunk",
    "message:complete",
    "message:tool_use",
    "message:tool_result",
  ];
  const keys = fc.constantFrom(
    "type",
    "data",
    "payload",
    "message",
    "state",
    "status",
    "conversation",
    "text",
    "content",
    "delta",
    "id",
    "role",
    "tool",
    "name",
    "toString",
    "valueOf",
    "__proto__",
    "toJSON",
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(null, true, 0, "", "assistant", "thinking", ...names),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(keys, tie("value"), { maxKeys: 5 }),
    ),
  }));
  const anyName = fc.option(fc.constantFrom(...names), { nil: undefined });

  test("of any JSON never throws", () => {
    fc.assert(
      fc.property(anyName, fc.oneof(fc.jsonValue(), value), (event, json) => {
        parseLexEvent({ event, data: JSON.stringify(json) });
      }),
      { numRuns: 1000 },
    );
  });

  test("of any text never throws", () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), fc.string(), (event, data) => {
        parseLexEvent({ event, data });
      }),
    );
  });

  test("gives ids, names and texts that are strings, or null", () => {
    const isText = (field: unknown): boolean => field === null || typeof field === "string";
    fc.assert(
      fc.property(anyName, value, (event, json) => {
        const message = readMessage(json);
        const parsed = parseLexEvent({ event, data: JSON.stringify(json) });
        const read = [message.id, message.content, message.createdAt];
        if (parsed?.type === "chunk") read.push(parsed.messageId, parsed.text);
        if (parsed?.type === "tool-use") read.push(parsed.toolUseId, parsed.name);

        expect(read.every(isText)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
