import { fileURLToPath } from "node:url";
import { MISBEHAVIOURS } from "./misbehaviour.ts";

/** An OpenAI-compatible endpoint that answers instead of the articles alone. */
export type LlmSettings = { baseUrl: string; apiKey: string; model: string };

/** Reads one option, given as its own type or as text from a command line; throws the fix. */
type Reader<Value> = (value: unknown) => Value;

type Setting<Value> = { read: Reader<Value>; fallback: Value; help: string };

const ARTICLES = fileURLToPath(new URL("../site/articles", import.meta.url));

/** Every option of the platform: what it may be, its default, one line of help. */
export const SETTINGS = {
  host: setting(text, "127.0.0.1", "address to listen on"),
  port: setting(integer(0, 65_535), 0, "port to listen on; 0 takes a free one"),
  file: setting(text, ":memory:", "SQLite file; without one everything is forgotten at the end"),
  keys: setting(list, ["lex2_demo"], "API keys, each an account of its own"),
  articlesFolder: setting(text, ARTICLES, "folder of the Markdown articles that answers come from"),
  siteUrl: setting(url, "http://localhost:3000", "where the links in answers lead"),
  tokensPerSecond: setting(integer(1, 1_000_000), 40, "how fast answers are written"),
  thinkingMs: setting(integer(0, 600_000), 800, "milliseconds before the first word"),
  webhookBackoffMs: setting(integer(1, 600_000), 1000, "wait before a webhook's second attempt"),
  framing: setting(...oneOf(MISBEHAVIOURS.framing), "how stream events are written"),
  unknownConversation: setting(
    ...oneOf(MISBEHAVIOURS.unknownConversation),
    "what becomes of a message to an unknown conversation",
  ),
  streamBeforeFirstMessage: setting(
    ...oneOf(MISBEHAVIOURS.streamBeforeFirstMessage),
    "the stream of a conversation without a message",
  ),
  messageId: setting(...oneOf(MISBEHAVIOURS.messageId), "whether the 202 has a messageId"),
  llm: setting<LlmSettings | null>(llm, null, "set by LLM_BASE_URL, LLM_API_KEY and LLM_MODEL"),
};

/** Complete settings of a platform. */
export type Settings = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]["fallback"];
};

/** What a caller may set; `undefined` means the default. */
export type PlatformOptions = { [Name in keyof Settings]?: Settings[Name] | undefined };

/** Throws one error that lists every problem: the option's name, the bad value and the fix. */
export function readSettings(options: Record<string, unknown>): Settings {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(SETTINGS, name));
  const problems = unknown.map(
    (name) => `${name}: no such option; there are ${Object.keys(SETTINGS).join(", ")}`,
  );
  const entries = Object.entries(SETTINGS).map(([name, { read, fallback }]) => {
    const value = options[name];
    try {
      return [name, value === undefined ? fallback : read(value)];
    } catch (error) {
      const shown = name === "llm" ? "" : ` (is ${JSON.stringify(value)})`;
      problems.push(`${name}${shown}: ${error instanceof Error ? error.message : String(error)}`);
      return [name, fallback];
    }
  });
  if (problems.length > 0) throw new Error(`The platform can't start:\n${problems.join("\n")}`);
  return Object.freeze(Object.fromEntries(entries)) as Settings;
}

function setting<Value>(read: Reader<Value>, fallback: Value, help: string): Setting<Value> {
  return { read, fallback, help };
}

function text(value: unknown): string {
  if (typeof value !== "string" || value === "") throw new Error("give a text that is not empty");
  return value;
}

function url(value: unknown): string {
  if (!URL.canParse(text(value)) || !/^https?:/.test(text(value))) {
    throw new Error("give an address such as http://localhost:3000");
  }
  return text(value);
}

function integer(from: number, to: number): Reader<number> {
  return (value) => {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    if (!Number.isInteger(number) || Number(number) < from || Number(number) > to) {
      throw new Error(`give a whole number from ${from} to ${to}`);
    }
    return Number(number);
  };
}

function list(value: unknown): string[] {
  const items = Array.isArray(value) ? value.map(text) : text(value).split(",");
  if (items.length === 0 || items.some((item) => !/^\S+$/.test(item))) {
    throw new Error("give one or more, separated by commas and without blanks");
  }
  return items;
}

/** The reader and the default, which is the first of the choices. */
function oneOf<Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
): [Reader<Choice>, Choice] {
  return [
    (value) => {
      const choice = choices.find((choice) => choice === value);
      if (choice === undefined) throw new Error(`give one of ${choices.join(", ")}`);
      return choice;
    },
    choices[0],
  ];
}

function llm(value: unknown): LlmSettings | null {
  if (value === null) return null;
  const { baseUrl, apiKey, model } = value as Record<string, unknown>;
  try {
    return { baseUrl: url(baseUrl), apiKey: text(apiKey), model: text(model) };
  } catch {
    throw new Error("give baseUrl (an http address), apiKey and model, none of them empty");
  }
}
