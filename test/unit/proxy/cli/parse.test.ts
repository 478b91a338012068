import { describe, expect, test } from "vitest";
import type { Command, Commands } from "../../../../proxy/cli/command.ts";
import { parseCommand } from "../../../../proxy/cli/parse.ts";

const command: Command = {
  takes: "[text]",
  words: 1,
  summary: "does something",
  about: [],
  options: {
    json: { type: "boolean", help: "prints JSON" },
    limit: { type: "string", short: "l", value: "COUNT", help: "how many" },
    header: { type: "string", multiple: true, help: "a header" },
  },
  settings: [],
  examples: [],
  run: async () => 0,
};
const COMMANDS: Commands = {
  chat: command,
  "hook get": command,
  "hook set": command,
  "log list": command,
};

const parse = (line: string) => parseCommand(line === "" ? [] : line.split(" "), COMMANDS);

describe("what was typed", () => {
  test("is a command of one word or two, its words and its options", () => {
    const wanted = parse("hook get hello --json -l 3 --header a:b --header c:d");
    if (wanted.kind !== "command") throw new Error(wanted.kind);
    const { name, input } = wanted;

    expect(name).toBe("hook get");
    expect(input.words).toEqual(["hello"]);
    expect(input.flag("json")).toBe(true);
    expect(input.flag("help")).toBe(false);
    expect(input.text("limit")).toBe("3");
    expect(input.text("settings")).toBeUndefined();
    expect(input.texts("header")).toEqual(["a:b", "c:d"]);
  });

  test.each(["log", "log --json", "log list"])("%j is the list of a group", (line) => {
    expect(parse(line)).toMatchObject({ kind: "command", name: "log list" });
  });

  test("after -- is words, whatever it begins with", () => {
    const wanted = parse("chat -- --json");
    expect(wanted).toMatchObject({ kind: "command", input: { words: ["--json"] } });
  });

  test.each([
    ["", ""],
    ["--help", ""],
    ["-h", ""],
    ["help", ""],
    ["help chat", "chat"],
    ["help hook", "hook"],
    ["help hook set", "hook set"],
    ["chat --help", "chat"],
    ["chat one two -h", "chat"],
    ["hook", "hook"],
    ["hook --help", "hook"],
    ["hook get -h", "hook get"],
    ["log --help", "log"],
  ])("%j asks for help on %j", (line, topic) => {
    expect(parse(line)).toEqual({ kind: "help", topic });
  });
});

test.each([
  ["caht", "there is no command caht; do you mean chat?"],
  ["help caht", "there is no command caht; do you mean chat?"],
  ["something", "there is no command something"],
  ["toString", "there is no command toString"],
  ["hook st", "there is no hook command st; do you mean set?"],
  ["hook remove", "there is no hook command remove"],
  ["log show", "there is no log command show"],
  ["--versoin", "there is no option --versoin; do you mean --version?"],
  ["chat --jsno", "chat: there is no option --jsno; do you mean --json?"],
  ["chat -x", "chat: there is no option -x"],
  ["chat --limit", "chat: --limit needs a value: --limit COUNT"],
  ["chat --limit --json", "chat: --limit needs a value: --limit COUNT"],
  ["chat --json=yes", "chat: --json takes no value"],
  ["chat one two", 'chat does not take "two"'],
])("%j is a usage error: %s", (line, message) => {
  expect(() => parse(line)).toThrow(expect.objectContaining({ name: "UsageError", message }));
});
