/**
 * Options or environment → one complete read-only config. The only reader of `process.env`.
 * Each setting is looked up as an option (camelCase) first, then as an environment variable.
 */
import { createOriginRules, isLocalOnly, type OriginRules } from "./origins.ts";
import type { Branding } from "./protocol.ts";
import { LIMITS, SETTINGS, type Limits, type Settings } from "./settings.ts";

export type { Limits };

export type Config = Readonly<
  Omit<
    Settings,
    "allowedOrigins" | "agentName" | "primaryColor" | "welcomeHeading" | "welcomeSubheading"
  > & {
    platform: "lex";
    origins: OriginRules;
    /** The entries as the owner wrote them, for messages. */
    allowedOrigins: readonly string[];
    branding: Partial<Branding>;
    limits: Limits;
  }
>;

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

/** Reads every setting. Throws a `ConfigError` that lists all problems. */
export function parseConfig(
  options: ProxyOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const problems = unknownNames(options, environment);
  const readAll = <Shape>(table: {
    [Name in keyof Shape]: { parse: (text: string | undefined) => Shape[Name]; secret?: boolean };
  }): Shape => {
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
  };
  const {
    allowedOrigins,
    agentName,
    primaryColor,
    welcomeHeading,
    welcomeSubheading,
    ...settings
  } = readAll<Settings>(SETTINGS);
  const limits = readAll<Limits>(LIMITS);
  if (problems.length > 0) throw new ConfigError(problems);

  const own = settings.publicUrl === null ? null : new URL(settings.publicUrl).origin;
  const origins = createOriginRules(allowedOrigins, own);
  problems.push(...crossChecks(settings, origins));
  if (problems.length > 0) throw new ConfigError(problems);

  const given = { agentName, primaryColor, welcomeHeading, welcomeSubheading };
  const branding = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null),
  ) as Partial<Branding>;
  return Object.freeze({
    ...settings,
    platform: "lex",
    origins,
    allowedOrigins: Object.freeze(allowedOrigins),
    branding: Object.freeze(branding),
    limits: Object.freeze(limits),
  });
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
  if (
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
