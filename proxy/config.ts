/**
 * Options or environment → one complete read-only config. The only reader of `process.env`.
 * Each setting is looked up as an option (camelCase) first, then as an environment variable.
 */
import { createOriginRules, isLocalOnly, type OriginRules } from "./origins.ts";
import type { Branding } from "./protocol.ts";
import { LIMITS, SETTINGS, type Limits, type Settings } from "./settings.ts";

export type { Limits };

export type PlatformName = "lex" | "lexey";

export type Config = Readonly<
  Omit<
    Settings,
    | "platform"
    | "branding"
    | "allowedOrigins"
    | "agentName"
    | "primaryColor"
    | "welcomeHeading"
    | "welcomeSubheading"
  > & {
    platform: PlatformName;
    /** Of the platform in use. */
    platformUrl: string;
    platformKey: string;
    origins: OriginRules;
    /** The entries as the owner wrote them, for messages. */
    allowedOrigins: readonly string[];
    branding: Partial<Branding>;
    /** The configuration agent's branding goes before `branding`. */
    isBrandingManaged: boolean;
    limits: Limits;
  }
>;

export type ChosenPlatform = Pick<Config, "platform" | "platformUrl" | "platformKey">;

/** The settings in camelCase; a value may be given as a string, as in the environment, or typed. */
export type ProxyOptions = {
  [Name in keyof Settings | keyof Limits]?:
    | string
    | number
    | boolean
    | readonly string[]
    | undefined;
};

/** All problems of a configuration at once, one line each: name, value, fix. */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? "a problem" : "problems"}:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

const toEnvironmentName = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const toText = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  const text = Array.isArray(value) ? value.join(",") : String(value);
  return text.trim() === "" ? undefined : text.trim();
};

const MISSING_KEY: Readonly<Record<PlatformName, string>> = {
  lex: "LEX_API_KEY is not set: set the key that Lex gave you, which starts with lex2_; for Lexey set LEXEY_CUSTOMER_KEY",
  lexey:
    "LEXEY_CUSTOMER_KEY is not set: set the customer key that Lexey gave you, which starts with lxc_",
};

type Table<Shape> = {
  [Name in keyof Shape]: { parse: (text: string | undefined) => Shape[Name]; secret?: boolean };
};

/** Reads what the table names; what is wrong is added to `problems`, and missing from the result. */
function readAll<Shape>(
  table: Table<Shape>,
  options: ProxyOptions,
  environment: NodeJS.ProcessEnv,
  problems: string[],
): Shape {
  const values = {} as Shape;
  for (const name of Object.keys(table) as Array<keyof Shape & string>) {
    const variable = toEnvironmentName(name);
    const text = toText(options[name as keyof ProxyOptions]) ?? toText(environment[variable]);
    try {
      values[name] = table[name].parse(text);
    } catch (error) {
      const shown =
        text === undefined
          ? "is not set"
          : table[name].secret
            ? `(${text.length} characters)`
            : `is ${JSON.stringify(text.replace(/\/\/[^/]*@/, "//…@"))}`;
      problems.push(`${variable} ${shown}: ${(error as Error).message}`);
    }
  }
  return values;
}

/** Reads these settings and no others, for what needs no whole proxy. Throws a `ConfigError`. */
export function parseSettings<Name extends keyof (Settings & Limits)>(
  names: readonly Name[],
  environment: NodeJS.ProcessEnv = process.env,
): Pick<Settings & Limits, Name> {
  const problems: string[] = [];
  const table: Table<Settings & Limits> = { ...SETTINGS, ...LIMITS };
  const wanted = Object.fromEntries(names.map((name) => [name, table[name]]));
  const values = readAll(wanted as Table<Pick<Settings & Limits, Name>>, {}, environment, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return values;
}

const PLATFORM_SETTINGS = [
  "platform",
  "lexUrl",
  "lexApiKey",
  "lexeyUrl",
  "lexeyCustomerKey",
] as const satisfies Array<keyof Settings>;

/** The platform to use, its address and key. Throws a `ConfigError`. */
export function parsePlatform(environment: NodeJS.ProcessEnv = process.env): ChosenPlatform {
  const problems: string[] = [];
  const chosen = choosePlatform(parseSettings(PLATFORM_SETTINGS, environment), problems);
  if (problems.length > 0 || chosen === null) throw new ConfigError(problems);
  return chosen;
}

/** Reads every setting. Throws a `ConfigError` that lists all problems. */
export function parseConfig(
  options: ProxyOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const problems = unknownNames(options, environment);
  const {
    allowedOrigins,
    branding: brandingFrom,
    agentName,
    primaryColor,
    welcomeHeading,
    welcomeSubheading,
    ...settings
  } = readAll<Settings>(SETTINGS, options, environment, problems);
  const limits = readAll<Limits>(LIMITS, options, environment, problems);
  const chosen = choosePlatform(settings, problems);
  if (problems.length > 0 || chosen === null) throw new ConfigError(problems);

  const own = settings.publicUrl === null ? null : new URL(settings.publicUrl).origin;
  const origins = createOriginRules(allowedOrigins, own);
  const isBrandingManaged = brandingFrom === "managed";
  problems.push(...crossChecks(settings, chosen.platform, origins));
  if (isBrandingManaged && settings.lexeyManagementKey === null)
    problems.push(
      'BRANDING is "managed" without LEXEY_MANAGEMENT_KEY: set the key of the configuration agent to ask, or leave BRANDING out',
    );
  if (problems.length > 0) throw new ConfigError(problems);

  const given = { agentName, primaryColor, welcomeHeading, welcomeSubheading };
  const branding = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null),
  ) as Partial<Branding>;
  return Object.freeze({
    ...settings,
    ...chosen,
    origins,
    allowedOrigins: Object.freeze(allowedOrigins),
    branding: Object.freeze(branding),
    isBrandingManaged,
    limits: Object.freeze(limits),
  });
}

/** The platform that `PLATFORM` names, or the one whose key is there. Null: there is a problem. */
function choosePlatform(
  settings: Pick<Settings, (typeof PLATFORM_SETTINGS)[number]>,
  problems: string[],
): ChosenPlatform | null {
  const { lexUrl, lexApiKey, lexeyUrl, lexeyCustomerKey } = settings;
  if (settings.platform === null && lexApiKey && lexeyCustomerKey)
    problems.push(
      "PLATFORM is not set: there are keys of Lex and of Lexey; set it to lex or lexey",
    );
  const platform = settings.platform ?? (lexeyCustomerKey === null ? "lex" : "lexey");
  const [platformUrl, platformKey] =
    platform === "lex" ? [lexUrl, lexApiKey] : [lexeyUrl, lexeyCustomerKey];
  if (platformKey === null) problems.push(MISSING_KEY[platform]);
  // Undefined when it could not be read, which is a problem already.
  return platformKey ? { platform, platformUrl, platformKey } : null;
}

function unknownNames(options: ProxyOptions, environment: NodeJS.ProcessEnv): string[] {
  const known = new Set([...Object.keys(SETTINGS), ...Object.keys(LIMITS)]);
  const limitVariables = Object.keys(LIMITS).map(toEnvironmentName);
  return [
    ...Object.keys(options)
      .filter((name) => !known.has(name))
      .map((name) => `option ${name} is unknown: remove it, or see the settings in the README`),
    ...Object.keys(environment)
      .filter((name) => name.startsWith("LIMIT_") && !limitVariables.includes(name))
      .map((name) => `${name} is unknown: the limits are ${limitVariables.join(", ")}`),
  ];
}

function crossChecks(
  settings: Pick<Settings, "sessionSecret" | "identitySecret" | "conversations">,
  platform: PlatformName,
  origins: OriginRules,
): string[] {
  const problems: string[] = [];
  if (
    settings.identitySecret !== null &&
    settings.sessionSecret.includes(settings.identitySecret)
  ) {
    problems.push(
      "IDENTITY_SECRET is one of SESSION_SECRET: make another one, the site's server knows this one",
    );
  }
  if (settings.conversations === "shared" && platform === "lexey")
    problems.push(
      'CONVERSATIONS is "shared": Lexey has no channel that everybody shares; leave it out',
    );
  else if (
    settings.conversations === "shared" &&
    settings.identitySecret === null &&
    !isLocalOnly(origins)
  ) {
    problems.push(
      'CONVERSATIONS is "shared" without IDENTITY_SECRET: everybody would read everything; set IDENTITY_SECRET, or allow only localhost origins',
    );
  }
  return problems;
}
