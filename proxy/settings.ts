/** The table of settings: name (camelCase), how its text is read, its default. See README, "Settings". */
import { isIP } from "node:net";
import { checkOriginEntry } from "./origins.ts";
import { MAX_LISTED } from "./protocol.ts";
import { parseRedisUrl } from "./redis/url.ts";

type Setting<Value> = { parse: (text: string | undefined) => Value; secret?: boolean };
type Values<Table> = {
  [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

const MIN_SECRET_BYTES = 32;
const HOW_TO_MAKE_A_SECRET = "make one with: openssl rand -hex 32";

const text = (fallback: string): Setting<string> => ({ parse: (value) => value ?? fallback });

const optionalText = (maximum: number): Setting<string | null> => ({
  parse: (value) => {
    if (value !== undefined && value.length > maximum)
      throw new Error(`use at most ${maximum} characters`);
    return value ?? null;
  },
});

const whole = (fallback: number, minimum: number, maximum: number): Setting<number> => ({
  parse: (value) => {
    if (value === undefined) return fallback;
    const number = Number(value);
    if (!Number.isInteger(number) || number < minimum || number > maximum) {
      throw new Error(`use a whole number from ${minimum} to ${maximum}`);
    }
    return number;
  },
});

const choice = <const Options extends readonly string[]>(
  ...options: Options
): Setting<Options[number]> => ({
  parse: (value) => {
    if (value === undefined) return options[0] as Options[number];
    if (!options.includes(value)) throw new Error(`use ${options.join(" or ")}`);
    return value;
  },
});

const onOff = (fallback: boolean): Setting<boolean> => ({
  parse: (value) => {
    if (value === undefined) return fallback;
    if (["on", "true", "1"].includes(value)) return true;
    if (["off", "false", "0"].includes(value)) return false;
    throw new Error("use on or off");
  },
});

function parseUrl(value: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw new Error("use an address such as https://chat.example.com");
  }
  const url = new URL(value);
  if (url.username || url.password || url.search || url.hash)
    throw new Error("leave out user, query and fragment");
  return url.href.replace(/\/$/, "");
}

function parseSecret(value: string): string {
  if (Buffer.byteLength(value) < MIN_SECRET_BYTES) {
    throw new Error(`use at least ${MIN_SECRET_BYTES} bytes; ${HOW_TO_MAKE_A_SECRET}`);
  }
  return value;
}

const optionalSecret: Setting<string | null> = {
  secret: true,
  parse: (value) => (value === undefined ? null : parseSecret(value)),
};

/** A platform's key; `check` gives the fix when it is another's. */
const optionalKey = (check: (value: string) => string | null): Setting<string | null> => ({
  secret: true,
  parse: (value) => {
    if (value === undefined) return null;
    // A key with a space or a line break would be refused by every HTTP client, with the key in its message.
    if (!/^[\x21-\x7e]+$/.test(value))
      throw new Error("the key holds a character that no key has; copy it again");
    const problem = check(value);
    if (problem !== null) throw new Error(problem);
    return value;
  },
});

/** Lexey refuses the wrong kind of key, and a management key may do more than the chat needs. */
const lexeyKey = (kind: "customer" | "management", prefix: "lxc_" | "lxm_") =>
  optionalKey((value) =>
    value.startsWith(prefix) ? null : `give a ${kind} key of Lexey, which starts with ${prefix}`,
  );

const list = (value: string | undefined): string[] =>
  (value ?? "").split(/[\s,]+/).filter((entry) => entry !== "");

/** What Express takes for a trusted proxy: an address, a subnet, or the name of a range. */
function isProxyAddress(entry: string): boolean {
  if (["loopback", "linklocal", "uniquelocal"].includes(entry)) return true;
  const [, address = "", bits = "1"] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const maximum = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return Number(bits) >= 1 && Number(bits) <= maximum;
}

export const SETTINGS = {
  port: whole(8787, 0, 65535),
  host: text("0.0.0.0"),
  publicUrl: { parse: (value) => (value === undefined ? null : parseUrl(value)) } as Setting<
    string | null
  >,
  platform: {
    parse: (value) => (value === undefined ? null : choice("lex", "lexey").parse(value)),
  } as Setting<"lex" | "lexey" | null>,
  lexUrl: { parse: (value) => parseUrl(value ?? "https://lex.scomatic.com") } as Setting<string>,
  lexApiKey: optionalKey((value) =>
    /^lx[cm]_/.test(value) ? "this is a key of Lexey: set LEXEY_CUSTOMER_KEY" : null,
  ),
  lexeyUrl: { parse: (value) => parseUrl(value ?? "https://lexey.ai") } as Setting<string>,
  lexeyCustomerKey: lexeyKey("customer", "lxc_"),
  lexeyManagementKey: lexeyKey("management", "lxm_"),
  allowedOrigins: {
    parse: (value) => {
      const entries = list(value);
      const wrong = entries.flatMap((entry) => {
        const fix = checkOriginEntry(entry);
        return fix === null ? [] : [`${JSON.stringify(entry)}: ${fix}`];
      });
      if (wrong.length > 0) throw new Error(wrong.join("; "));
      return entries;
    },
  } as Setting<string[]>,
  sessionSecret: {
    secret: true,
    parse: (value) => {
      const secrets = list(value);
      if (secrets.length === 0)
        throw new Error(`it signs the visitors' tokens; ${HOW_TO_MAKE_A_SECRET}`);
      return secrets.map(parseSecret);
    },
  } as Setting<string[]>,
  identitySecret: optionalSecret,
  adminToken: {
    secret: true,
    parse: (value) => {
      // It comes as a Bearer token: with another character no request could ever carry it.
      if (value !== undefined && !/^[\w.~+/=-]+$/.test(value))
        throw new Error(`use only letters, digits and -._~+/=; ${HOW_TO_MAKE_A_SECRET}`);
      return optionalSecret.parse(value);
    },
  } as Setting<string | null>,
  webhookSecret: optionalSecret,
  lexeyWebhookSecret: optionalSecret,
  /** A secret, because the address may hold a password. */
  redisUrl: {
    secret: true,
    parse: (value) => {
      if (value !== undefined) parseRedisUrl(value);
      return value ?? null;
    },
  } as Setting<string | null>,
  branding: choice("settings", "managed"),
  agentName: optionalText(80),
  primaryColor: {
    parse: (value) => {
      if (value === undefined) return null;
      if (!/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(value))
        throw new Error("use a hex colour such as #2563EB");
      return value;
    },
  } as Setting<string | null>,
  welcomeHeading: optionalText(200),
  welcomeSubheading: optionalText(400),
  conversations: choice("per-visitor", "shared"),
  coalesceMs: whole(50, 0, 1000),
  padding: onOff(false),
  toolDetails: onOff(false),
  feedback: onOff(true),
  indexDays: whole(90, 1, 3650),
  /** How long answers under way may still take when the proxy is told to end. */
  drainSeconds: whole(20, 0, 3600),
  metricsPort: {
    parse: (value) => (value === undefined ? null : whole(0, 1, 65535).parse(value)),
  } as Setting<number | null>,
  /** Hops of trusted reverse proxies in front (a number), or their addresses, as Express reads it. */
  trustProxy: {
    parse: (value) => {
      if (value === undefined || ["off", "false"].includes(value)) return false;
      if (/^\d+$/.test(value)) return Number(value);
      const entries = list(value);
      if (!entries.every(isProxyAddress))
        throw new Error("use the number of reverse proxies in front, or their addresses");
      return entries;
    },
  } as Setting<number | false | string[]>,
  logLevel: choice("info", "debug", "warn", "error", "silent"),
} satisfies Record<string, Setting<unknown>>;

/** A list counts once for each conversation in it: with less, the longest could never be read. */
const reads = (fallback: number): Setting<number> => whole(fallback, MAX_LISTED, 1_000_000_000);

const limit = (fallback: number): Setting<number> => whole(fallback, 1, 1_000_000_000);

export const LIMITS = {
  /** Per minute. */
  limitSessionsPerAddress: limit(20),
  /** Per minute. */
  limitMessagesPerAddress: limit(60),
  /** Per minute. */
  limitMessagesPerVisitor: limit(20),
  limitMessagesPerConversation: limit(200),
  limitMessagesPerDay: limit(10_000),
  /** Per minute. */
  limitReadsPerAddress: reads(3000),
  /** Per minute. */
  limitReadsPerVisitor: reads(300),
  limitStreamsPerVisitor: limit(6),
  limitStreamsPerAddress: limit(60),
  limitStreams: limit(10_000),
  /** UTF-16 units. */
  limitMessageCharacters: limit(8000),
  limitBodyBytes: limit(65_536),
} satisfies Record<string, Setting<number>>;

export type Settings = Values<typeof SETTINGS>;
export type Limits = Values<typeof LIMITS>;
