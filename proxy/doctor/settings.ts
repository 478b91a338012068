/** The settings: what `serve` would refuse, and what it would take although it is hardly meant. */
import { ConfigError, parseConfig, type Config } from "../config.ts";
import { isLocalOnly } from "../origins.ts";
import { findingsAbout, type Finding } from "./finding.ts";

/** A secret with fewer different characters was typed, not made. */
const MIN_DIFFERENT_CHARACTERS = 10;
/** Of a UTF-16 unit in UTF-8. */
const MAX_CHARACTER_BYTES = 3;
/** What a request has around the message. */
const ENVELOPE_BYTES = 1000;

export type Settings = { config: Config | null; findings: Finding[] };

/** `publicUrl` is the address that visitors use, when it is known. */
export function checkSettings(environment: NodeJS.ProcessEnv, publicUrl: string | null): Settings {
  const { ok, problem } = findingsAbout("settings");
  try {
    const config = parseConfig({}, environment);
    const address = publicUrl ?? config.publicUrl;
    const findings = [
      ...checkSecrets(config),
      ...checkOrigins(config, address),
      ...checkAddress(config, address),
      ...checkLimits(config),
    ];
    return { config, findings: [ok("`serve` accepts them all"), ...findings] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map((line) => {
      const [says = "", ...fix] = line.split(": ");
      return problem(says, fix.join(": "));
    });
    return { config: null, findings };
  }
}

function checkSecrets(config: Config): Finding[] {
  const { ok, warning, problem } = findingsAbout("secrets");
  const { sessionSecret, identitySecret, adminToken, webhookSecret, lexeyWebhookSecret } = config;
  const single = {
    IDENTITY_SECRET: identitySecret,
    ADMIN_TOKEN: adminToken,
    WEBHOOK_SECRET: webhookSecret,
    LEXEY_WEBHOOK_SECRET: lexeyWebhookSecret,
  };
  const given = [
    ...sessionSecret.map((value) => ["SESSION_SECRET", value] as const),
    ...Object.entries(single).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    ),
  ];

  const equal = given.flatMap(([name, value], index) =>
    given
      .slice(index + 1)
      .filter(([, other]) => other === value)
      .map(([other]) =>
        problem(
          `${name} and ${other} are the same: who knows one has both`,
          `make another ${other} with: openssl rand -hex 32`,
        ),
      ),
  );
  const simple = given
    .filter(([, value]) => new Set(value).size < MIN_DIFFERENT_CHARACTERS)
    .map(([name]) =>
      warning(`${name} is easy to guess`, `make another one with: openssl rand -hex 32`),
    );
  const findings = [...equal, ...simple];
  return findings.length > 0 ? findings : [ok(`${given.length} of them, all different`)];
}

function checkOrigins(config: Config, address: string | null): Finding[] {
  const { ok, warning, problem } = findingsAbout("origins");
  const { origins, allowedOrigins } = config;
  if (origins.any)
    return [
      warning(
        "every page on the internet may use the chat",
        "list your pages' origins in ALLOWED_ORIGINS instead of *",
      ),
    ];
  if (allowedOrigins.length === 0) {
    const fix = "set ALLOWED_ORIGINS=https://www.example.com, the origin of your pages";
    if (config.publicUrl === null) return [problem("no page may use the chat", fix)];
    return [warning(`only pages under ${new URL(config.publicUrl).origin} may use the chat`, fix)];
  }
  const isDeployed = address !== null && !isLocal(address);
  if (isDeployed && isLocalOnly(origins))
    return [
      warning(
        "only pages on localhost may use the chat",
        "add your pages' origins to ALLOWED_ORIGINS",
      ),
    ];
  const plain = allowedOrigins.filter((origin) => origin.startsWith("http:") && !isLocal(origin));
  if (plain.length > 0)
    return [
      warning(
        `${plain.join(", ")}: anybody on the way can read and change such a page, and the chat in it`,
        "serve the pages by https, and allow that origin only",
      ),
    ];
  return [ok(allowedOrigins.join(", "))];
}

function checkAddress(config: Config, address: string | null): Finding[] {
  const { ok, warning, problem } = findingsAbout("address");
  if (address === null)
    return [
      warning(
        "the address that visitors use is not known",
        "give it: lex-chat doctor https://chat.example.com",
      ),
    ];
  const findings: Finding[] = [];
  if (config.publicUrl !== null && new URL(config.publicUrl).href !== new URL(address).href)
    findings.push(
      warning(
        `PUBLIC_URL is ${config.publicUrl}`,
        `set PUBLIC_URL=${address}, or ask for that one`,
      ),
    );
  if (isLocal(address)) return [...findings, ok(`${address}: this machine`)];
  if (address.startsWith("http:"))
    findings.push(
      problem(
        `${address} is not encrypted: no page under https can use it`,
        "put a reverse proxy with a certificate in front (Caddy makes its own)",
      ),
    );
  // The proxy itself speaks no TLS: whoever does stands in front of it.
  else if (config.trustProxy === false)
    findings.push(
      problem(
        "there is a reverse proxy in front and TRUST_PROXY is off: all visitors count as one address, and share its limits",
        "set TRUST_PROXY=1, or the number of reverse proxies between the internet and this one",
      ),
    );
  else findings.push(ok(`${address}, TRUST_PROXY=${String(config.trustProxy)}`));
  return findings;
}

/** Nothing is said when they fit. */
function checkLimits({ limits }: Config): Finding[] {
  const { limitMessageCharacters: characters, limitBodyBytes: bytes } = limits;
  const needed = characters * MAX_CHARACTER_BYTES + ENVELOPE_BYTES;
  if (bytes >= needed) return [];
  return [
    findingsAbout("limits").warning(
      `LIMIT_BODY_BYTES is ${bytes}: messages shorter than LIMIT_MESSAGE_CHARACTERS, ${characters}, may be refused for it`,
      `set LIMIT_BODY_BYTES=${needed}, or LIMIT_MESSAGE_CHARACTERS lower`,
    ),
  ];
}

const isLocal = (address: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(address).hostname);
