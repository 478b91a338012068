import { fileURLToPath } from "node:url";
import { BREAKS } from "./breaks.ts";
import { MISBEHAVIOURS } from "./misbehaviour.ts";
import { integer, keys, list, oneOf, orNull, readOptions, setting, text, url } from "./readers.ts";

/** An OpenAI-compatible endpoint that answers instead of the articles alone. */
export type LlmSettings = { baseUrl: string; apiKey: string; model: string };

const ARTICLES = fileURLToPath(new URL("../site/articles", import.meta.url));

/** Every option of the platform: what it may be, its default, one line of help. */
export const SETTINGS = {
  host: setting(text, "127.0.0.1", "address to listen on"),
  port: setting(integer(0, 65_535), 0, "port to listen on; 0 takes a free one"),
  file: setting(text, ":memory:", "SQLite file; without one everything is forgotten at the end"),
  keys: setting(list, ["lex2_demo"], "Lex's API keys, each an account of its own"),
  customerKeys: setting(keys("lxc_"), ["lxc_demo"], "Lexey's customer keys, each an account"),
  managementKeys: setting(
    keys("lxm_"),
    ["lxm_demo"],
    "Lexey's management keys; the first configures the account of the first customer key, and so on",
  ),
  maxMessageCharacters: setting(
    integer(1, 1_000_000),
    10_000,
    "how long a message to Lexey may be, in UTF-16 units",
  ),
  messagesPerConversation: setting(
    integer(1, 1_000_000),
    100,
    "how many messages of a customer a conversation on Lexey takes",
  ),
  credits: setting<number | null>(
    orNull(integer(0, 2 ** 31)),
    null,
    "how many answers each of Lexey's keys has paid for; without a number any",
  ),
  escalationUrl: setting<string | null>(
    orNull(url),
    null,
    "where Lexey posts conversation.escalated",
  ),
  escalationSecret: setting<string | null>(orNull(text), null, "signs what Lexey posts"),
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
  ...BREAKS,
  llm: setting<LlmSettings | null>(llm, null, "set by LLM_BASE_URL, LLM_API_KEY and LLM_MODEL"),
};

/** Complete settings of a platform. */
export type Settings = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]["fallback"];
};

/** What a caller may set; `undefined` means the default. */
export type PlatformOptions = { [Name in keyof Settings]?: Settings[Name] | undefined };

const SECRET = ["llm", "keys", "customerKeys", "managementKeys", "escalationSecret"];

/** Throws one error that lists every problem: the option's name, the bad value and the fix. */
export function readSettings(options: Record<string, unknown>): Settings {
  const fallbacks = Object.entries(SETTINGS).map(([name, { fallback }]) => [name, fallback]);
  const failure = "The platform can't start";
  const given = readOptions(SETTINGS, options, { failure, secret: SECRET });
  return Object.freeze({ ...Object.fromEntries(fallbacks), ...given }) as Settings;
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
