import { pino } from "pino";
import { expect, test } from "vitest";
import { parseConfig } from "../../../proxy/config.ts";
import { createLogger, nameRequests } from "../../../proxy/logger.ts";
import { withRequestId } from "../../../proxy/request-id.ts";

// With characters that JSON and addresses write in another way.
const SECRETS = {
  LEX_API_KEY: 'key"of\\the+platform',
  SESSION_SECRET: 'first/secret"of\\the+sessions=====,second-secret-of-the-sessions-----',
  IDENTITY_SECRET: 'identity/secret"of\\the+site========',
  ADMIN_TOKEN: "admin-token/of+the=owner~~~~~~~~~",
  WEBHOOK_SECRET: 'webhook/secret"of\\the+platform=====',
  REDIS_URL: "unix:///run/redis.sock?password=pass-word-of-redis",
};

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhXzEifQ.c2lnbmF0dXJl-_";

function logging() {
  const lines: string[] = [];
  const config = parseConfig({}, { ...SECRETS, LOG_LEVEL: "debug" });
  const write = (line: string): void => void lines.push(line);
  return { lines, logger: nameRequests(createLogger(config, { write })) };
}

const fieldsOf = (line: string | undefined): unknown => JSON.parse(line ?? "null");

test.each(Object.entries(SECRETS))("no line holds %s, wherever it was planted", (_name, value) => {
  const { lines, logger } = logging();
  for (const secret of value.split(",")) {
    logger.info({ deep: { deeper: { deepest: [secret] } } }, `a message with ${secret}.`);
    logger.warn({ url: `https://lex.example/?key=${encodeURIComponent(secret)}` });
    logger.error(new Error(`thrown with ${secret}`));
    logger.child({ bound: secret }).debug("a child's");
  }

  for (const line of lines) {
    expect(() => fieldsOf(line)).not.toThrow();
    expect(line).toContain("[redacted]");
    for (const secret of value.split(",")) {
      for (const spelling of [secret, JSON.stringify(secret).slice(1, -1), encodeURI(secret)])
        expect(line).not.toContain(spelling);
    }
  }
});

test.each([
  ["a visitor's token", { note: `it was ${JWT}, they said` }, JWT],
  ["a header", { note: "Authorization: Bearer abc.def/ghi" }, "abc.def/ghi"],
  ["somebody else's key", { note: "lex2_another-key" }, "another-key"],
  ["a password in an address", { url: "redis://user:pass-word@redis:6379/0" }, "pass-word"],
  ["the password of Redis", { reason: "AUTH pass-word-of-redis" }, "pass-word-of-redis"],
  ["a field named authorization", { headers: { authorization: "Custom abc" } }, "Custom abc"],
  ["a field named token", { token: "opaque-token" }, "opaque-token"],
  ["what a visitor wrote", { body: { content: "my dear" } }, "my dear"],
])("a line loses %s", (_name, fields, secret) => {
  const { lines, logger } = logging();
  logger.info(fields, "planted");

  expect(fieldsOf(lines[0])).toMatchObject({ msg: "planted" });
  expect(lines[0]).not.toContain(secret);
});

test("a line without a secret stays as it is", () => {
  const { lines, logger } = logging();
  logger.info(
    { conversation: "c-1", at: "https://lex.example/a@b" },
    "the platform's stream is up",
  );

  expect(fieldsOf(lines[0])).toMatchObject({
    level: 30,
    conversation: "c-1",
    at: "https://lex.example/a@b",
    msg: "the platform's stream is up",
  });
});

test("a line of a request carries its id, whoever made the logger", () => {
  const lines: string[] = [];
  const given = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const logger = nameRequests(given);
  withRequestId(() => logger.info("inside"), "request-1");
  withRequestId(() => logger.info({ requestId: "request-2" }, "its own"), "request-1");
  logger.info("outside");

  expect(lines.map((line) => (fieldsOf(line) as { requestId?: string }).requestId)).toEqual([
    "request-1",
    "request-2",
    undefined,
  ]);
});
