/** Log lines: JSON on standard output, each with the id of its request, none with a secret. */
import { pino, type DestinationStream, type Logger } from "pino";
import type { Config } from "./config.ts";
import { createRedactor } from "./redact.ts";
import { parseRedisUrl } from "./redis/url.ts";
import { currentRequestId } from "./request-id.ts";
import { SETTINGS } from "./settings.ts";

/** Fields that are never logged, wherever they stand: secrets, and what visitors write. */
const FIELDS = ["authorization", "cookie", "token", "identity", "password", "apiKey", "content"];

/** The proxy's own logger. `destination` defaults to standard output. */
export function createLogger(config: Config, destination?: DestinationStream): Logger {
  const redact = createRedactor(secretsOf(config));
  return pino(
    {
      level: config.logLevel,
      base: null,
      redact: ["", "*.", "*.*."].flatMap((place) => FIELDS.map((field) => place + field)),
      hooks: { streamWrite: redact },
    },
    ...(destination ? [destination] : []),
  );
}

/** `logger`, with `requestId` in each line that is written while a request is worked on. */
export function nameRequests(logger: Logger): Logger {
  const log = (fields: object): object => {
    const requestId = currentRequestId();
    return requestId === undefined ? fields : { requestId, ...fields };
  };
  return logger.child({}, { formatters: { log } });
}

/** The values of all settings that the table calls secret, and the password of the one that may hold one. */
function secretsOf(config: Config): string[] {
  const secrets = Object.entries(SETTINGS)
    .filter(([, setting]) => "secret" in setting && setting.secret)
    .flatMap(([name]) => config[name as keyof Config]);
  const { password } = config.redisUrl === null ? {} : parseRedisUrl(config.redisUrl);
  return [...secrets, password].filter((value) => typeof value === "string");
}
