import { expect, test } from "vitest";
import { pickBreaks } from "../../../demo/platform/breaks.ts";
import { readSettings } from "../../../demo/platform/settings.ts";

test("without options everything has a default", () => {
  expect(readSettings({})).toMatchObject({
    host: "127.0.0.1",
    port: 0,
    file: ":memory:",
    keys: ["lex2_demo"],
    customerKeys: ["lxc_demo"],
    managementKeys: ["lxm_demo"],
    credits: null,
    escalationUrl: null,
    escalationSecret: null,
    framing: "named",
    unknownConversation: "open",
    llm: null,
  });
});

test("nothing breaks unless it is asked for", () => {
  expect(pickBreaks(readSettings({}))).toEqual({
    refuseMs: 0,
    restartMs: 0,
    fail: "none",
    failStatus: 503,
    reply: "answered",
    streamType: "events",
    fault: "none",
    faultAfter: 8,
    stallMs: 60_000,
    pieceBytes: 0,
    copies: 1,
    order: "kept",
    end: "told",
    agent: "answers",
    afterError: "done",
    ids: "rising",
    history: "whole",
    breakRate: 0,
    breakSeed: 1,
  });
});

test("numbers and lists may come as text, as from a command line", () => {
  expect(readSettings({ port: "4100", keys: "lex2_a,lex2_b" })).toMatchObject({
    port: 4100,
    keys: ["lex2_a", "lex2_b"],
  });
});

test.each([
  [{ port: 70_000 }, "port (is 70000): give a whole number from 0 to 65535"],
  [{ port: "x" }, 'port (is "x"): give a whole number from 0 to 65535'],
  [{ framing: "xml" }, 'framing (is "xml"): give one of named, typed, envelope'],
  [{ messageId: null }, "messageId (is null): give one of present, absent"],
  [{ keys: [] }, "keys: give one or more"],
  [{ customerKeys: "lxm_a" }, "customerKeys: give keys that begin with lxc_"],
  [{ managementKeys: ["lxm_"] }, "managementKeys: give keys that begin with lxm_"],
  [{ credits: "-1" }, 'credits (is "-1"): give a whole number from 0'],
  [{ escalationUrl: "shop" }, 'escalationUrl (is "shop"): give an address'],
  [{ failStatus: 200 }, "failStatus (is 200): give a whole number from 400 to 599"],
  [{ siteUrl: "shop" }, 'siteUrl (is "shop"): give an address'],
  [{ fault: "fire" }, 'fault (is "fire"): give one of none, end, reset, stall, huge, invalid'],
  [{ breakRate: "2" }, 'breakRate (is "2"): give a number from 0 to 1'],
  [{ tokensPerSecond: 0 }, "tokensPerSecond (is 0): give a whole number from 1"],
  [{ colour: "red" }, "colour: no such option"],
])("%j is refused with name, value and fix", (options, problem) => {
  expect(() => readSettings(options)).toThrow(problem);
});

test("all problems are reported at once", () => {
  expect(() => readSettings({ port: -1, framing: "xml" })).toThrow(/port.*\n.*framing/);
});

test.each(["keys", "customerKeys", "managementKeys"])(
  "wrong %s are refused without showing them",
  (name) => {
    const read = () => readSettings({ [name]: "my secret" });

    expect(read).toThrow(`${name}: give`);
    expect(read).not.toThrow("my secret");
  },
);

test.each([
  [{ baseUrl: "nonsense", apiKey: "sk-secret", model: "m" }],
  [{ baseUrl: "http://localhost", apiKey: "sk-secret", model: "" }],
  ["sk-secret"],
])("a wrong llm is refused without showing its key", (llm) => {
  const read = () => readSettings({ llm });

  expect(read).toThrow("llm: give baseUrl");
  expect(read).not.toThrow("sk-secret");
});
