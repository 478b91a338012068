import { expect, test } from "vitest";
import { readSettings } from "../../../demo/platform/settings.ts";

test("without options everything has a default", () => {
  expect(readSettings({})).toMatchObject({
    host: "127.0.0.1",
    port: 0,
    file: ":memory:",
    keys: ["lex2_demo"],
    framing: "named",
    unknownConversation: "open",
    llm: null,
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
  [{ keys: [] }, "keys (is []): give one or more"],
  [{ siteUrl: "shop" }, 'siteUrl (is "shop"): give an address'],
  [{ tokensPerSecond: 0 }, "tokensPerSecond (is 0): give a whole number from 1"],
  [{ colour: "red" }, "colour: no such option"],
])("%j is refused with name, value and fix", (options, problem) => {
  expect(() => readSettings(options)).toThrow(problem);
});

test("all problems are reported at once", () => {
  expect(() => readSettings({ port: -1, framing: "xml" })).toThrow(/port.*\n.*framing/);
});

test.each([
  [{ baseUrl: "nonsense", apiKey: "sk-secret", model: "m" }],
  [{ baseUrl: "http://localhost", apiKey: "sk-secret", model: "" }],
  ["sk-secret"],
])("a wrong llm is refused without showing its key", (llm) => {
  const read = () => readSettings({ llm });

  expect(read).toThrow("llm: give baseUrl");
  expect(read).not.toThrow("sk-secret");
});
