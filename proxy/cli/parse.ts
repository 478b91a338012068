/** From what was typed to the command that is meant and its input. Pure. */
import { parseArgs } from "node:util";
import type { Command, Commands, Input, Option } from "./command.ts";
import { UsageError } from "./errors.ts";
import { findNearest } from "./nearest.ts";

/** Taken by every command. */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  // Not `--env-file`: Node takes that for its own, wherever it stands.
  settings: {
    type: "string",
    value: "FILE",
    help: "reads settings from a file too; the environment wins",
  },
  help: { type: "boolean", short: "h", help: "explains the command" },
};

/** `topic` is a command's name, the beginning of several, or empty for all of them. */
export type Wanted =
  | { kind: "help"; topic: string }
  | { kind: "version" }
  | { kind: "command"; name: string; command: Command; input: Input };

const isHelp = (word: string | undefined): boolean => word === "--help" || word === "-h";

/** `args` is what follows `lex-chat`. Throws a `UsageError`. */
export function parseCommand(args: readonly string[], commands: Commands): Wanted {
  const [first, second] = args;
  if (first === undefined || isHelp(first)) return { kind: "help", topic: "" };
  if (first === "--version") return { kind: "version" };
  if (first === "help") return { kind: "help", topic: findTopic(args.slice(1), commands) };
  if (first.startsWith("-")) throw unknown("option", first, ["--help", "--version"]);

  // A group's `list` is what it does without a further word.
  const isAlone = second === undefined || (second.startsWith("-") && !isHelp(second));
  const name = [`${first} ${second}`, first, ...(isAlone ? [`${first} list`] : [])].find((name) =>
    Object.hasOwn(commands, name),
  );
  const command = name === undefined ? undefined : commands[name];
  if (name === undefined || !command) {
    const topic = findTopic(args.filter((word) => !isHelp(word)).slice(0, 2), commands);
    return { kind: "help", topic };
  }
  const rest = args.slice(name === `${first} ${second}` ? 2 : 1);
  const input = parseInput(name, command, rest);
  return input.flag("help")
    ? { kind: "help", topic: name }
    : { kind: "command", name, command, input };
}

/** A command's name or the first word of several. Throws a `UsageError` for anything else. */
function findTopic(words: readonly string[], commands: Commands): string {
  const names = Object.keys(commands);
  const topic = words.join(" ");
  if (topic === "" || names.some((name) => name === topic || name.startsWith(`${topic} `)))
    return topic;
  const [first = ""] = words;
  const seconds = names.flatMap((name) =>
    name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : [],
  );
  if (seconds.length > 0) throw unknown(`${first} command`, words[1] ?? "", seconds, first);
  const firsts = [...new Set(names.map((name) => name.split(" ")[0] ?? ""))];
  throw unknown("command", first, firsts);
}

function unknown(what: string, typed: string, names: readonly string[], of = ""): UsageError {
  const nearest = findNearest(typed, names);
  const meant = nearest === null ? "" : `; do you mean ${nearest}?`;
  const place = ["lex-chat", ...(of ? [of] : [])].join(" ");
  return new UsageError(`there is no ${what} ${typed}${meant}`, `${place} --help lists them`);
}

function parseInput(name: string, command: Command, args: readonly string[]): Input {
  const options = { ...command.options, ...COMMON_OPTIONS };
  const { values, positionals: words } = parseStrictly(name, options, args);
  const [superfluous] = words.slice(command.words);
  // Of a command that asks for help, nothing else counts.
  if (superfluous !== undefined && values["help"] !== true)
    throw new UsageError(`${name} does not take ${JSON.stringify(superfluous)}`, helpOn(name));
  const texts = (option: string): string[] =>
    [values[option] ?? []].flat().filter((value) => typeof value === "string");
  return {
    words,
    flag: (option) => values[option] === true,
    text: (option) => texts(option).at(-1),
    texts,
  };
}

const helpOn = (name: string): string => `lex-chat ${name} --help explains it`;

function parseStrictly(
  name: string,
  options: Readonly<Record<string, Option>>,
  args: readonly string[],
) {
  // Node takes no undefined for what is left out.
  const known = Object.entries(options).map(([option, { type, short, multiple = false }]) => [
    option,
    { type, multiple, ...(short !== undefined && { short }) },
  ]);
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(known) as Record<string, { type: Option["type"] }>,
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [, typed = ""] = /'(?:-\w, )?(--?[^' ]*)/.exec(message) ?? [];
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
      const names = Object.keys(options).map((option) => `--${option}`);
      const { message: text } = unknown(`option`, typed, names);
      throw new UsageError(`${name}: ${text}`, helpOn(name));
    }
    if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") {
      const { type, value = "VALUE" } = options[typed.replace(/^--/, "")] ?? {};
      const problem = type === "boolean" ? "takes no value" : `needs a value: ${typed} ${value}`;
      throw new UsageError(`${name}: ${typed} ${problem}`, helpOn(name));
    }
    throw error;
  }
}
