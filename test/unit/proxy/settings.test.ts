import { describe, expect, test } from "vitest";
import { LIMITS, SETTINGS } from "../../../proxy/settings.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

function parse(name: string, text: string | undefined): unknown {
  const setting = { ...SETTINGS, ...LIMITS }[name as keyof typeof SETTINGS | keyof typeof LIMITS];
  return setting.parse(text);
}

describe("without a value", () => {
  test.each([
    ["port", 8787],
    ["host", "0.0.0.0"],
    ["publicUrl", null],
    ["platform", null],
    ["lexUrl", "https://lex.scomatic.com"],
    ["lexApiKey", null],
    ["lexeyUrl", "https://lexey.ai"],
    ["lexeyCustomerKey", null],
    ["lexeyManagementKey", null],
    ["allowedOrigins", []],
    ["identitySecret", null],
    ["adminToken", null],
    ["webhookSecret", null],
    ["lexeyWebhookSecret", null],
    ["redisUrl", null],
    ["agentName", null],
    ["primaryColor", null],
    ["welcomeHeading", null],
    ["welcomeSubheading", null],
    ["conversations", "per-visitor"],
    ["coalesceMs", 50],
    ["padding", false],
    ["toolDetails", false],
    ["feedback", true],
    ["indexDays", 90],
    ["metricsPort", null],
    ["trustProxy", false],
    ["logLevel", "info"],
    ["limitSessionsPerAddress", 20],
    ["limitMessagesPerAddress", 60],
    ["limitMessagesPerVisitor", 20],
    ["limitMessagesPerConversation", 200],
    ["limitMessagesPerDay", 10_000],
    ["limitStreamsPerVisitor", 6],
    ["limitStreamsPerAddress", 60],
    ["limitStreams", 10_000],
    ["limitMessageCharacters", 8000],
    ["limitBodyBytes", 65_536],
  ])("%s is %j", (name, value) => {
    expect(parse(name, undefined)).toEqual(value);
  });

  test("only the session secret is asked for", () => {
    const names = Object.keys({ ...SETTINGS, ...LIMITS });
    const required = names.filter((name) => {
      try {
        parse(name, undefined);
        return false;
      } catch {
        return true;
      }
    });

    expect(required).toEqual(["sessionSecret"]);
  });
});

test("exactly what could unlock something is marked as a secret", () => {
  const secrets = Object.entries<{ secret?: boolean }>(SETTINGS)
    .filter(([, setting]) => setting.secret)
    .map(([name]) => name);

  expect(secrets).toEqual([
    "lexApiKey",
    "lexeyCustomerKey",
    "lexeyManagementKey",
    "sessionSecret",
    "identitySecret",
    "adminToken",
    "webhookSecret",
    "lexeyWebhookSecret",
    "redisUrl",
  ]);
});

test.each([
  ["port", "0", 0],
  ["port", "65535", 65_535],
  ["publicUrl", "https://chat.example.com/", "https://chat.example.com"],
  ["publicUrl", "https://example.com/chat/", "https://example.com/chat"],
  ["lexUrl", "http://localhost:4100", "http://localhost:4100"],
  ["lexApiKey", "lex2_abc", "lex2_abc"],
  ["platform", "lexey", "lexey"],
  ["lexeyCustomerKey", "lxc_abc", "lxc_abc"],
  ["lexeyManagementKey", "lxm_abc", "lxm_abc"],
  ["allowedOrigins", "https://a.test, https://b.test", ["https://a.test", "https://b.test"]],
  ["allowedOrigins", "https://a.test\n  https://b.test", ["https://a.test", "https://b.test"]],
  ["sessionSecret", `${SECRET},${SECRET}x`, [SECRET, `${SECRET}x`]],
  ["identitySecret", SECRET, SECRET],
  ["redisUrl", "redis://:secret@localhost:6379/2", "redis://:secret@localhost:6379/2"],
  ["primaryColor", "#2563EB", "#2563EB"],
  ["primaryColor", "#abc", "#abc"],
  ["conversations", "shared", "shared"],
  ["padding", "on", true],
  ["padding", "true", true],
  ["padding", "1", true],
  ["feedback", "off", false],
  ["feedback", "false", false],
  ["feedback", "0", false],
  ["metricsPort", "9100", 9100],
  ["trustProxy", "1", 1],
  ["trustProxy", "false", false],
  ["trustProxy", "off", false],
  ["trustProxy", "loopback, 10.0.0.0/8, fd00::1", ["loopback", "10.0.0.0/8", "fd00::1"]],
  ["logLevel", "silent", "silent"],
  ["agentName", "x".repeat(80), "x".repeat(80)],
])("%s reads %j as %j", (name, text, value) => {
  expect(parse(name, text)).toEqual(value);
});

test.each([
  ["port", "80.5", "use a whole number from 0 to 65535"],
  ["port", "-1", "use a whole number from 0 to 65535"],
  ["port", "65536", "use a whole number from 0 to 65535"],
  ["port", "http", "use a whole number from 0 to 65535"],
  ["coalesceMs", "1001", "use a whole number from 0 to 1000"],
  ["metricsPort", "0", "use a whole number from 1 to 65535"],
  ["indexDays", "0", "use a whole number from 1 to 3650"],
  ["limitStreams", "0", "use a whole number from 1"],
  ["limitStreams", "Infinity", "use a whole number from 1"],
  ["publicUrl", "chat.example.com", "use an address such as https://chat.example.com"],
  ["lexUrl", "ftp://lex.example.com", "use an address such as https://chat.example.com"],
  ["lexUrl", "https://user:pass@lex.example.com", "leave out user, query and fragment"],
  ["lexUrl", "https://:pass@lex.example.com", "leave out user, query and fragment"],
  ["lexUrl", "https://lex.example.com?key=1", "leave out user, query and fragment"],
  ["lexUrl", "https://lex.example.com#a", "leave out user, query and fragment"],
  ["lexApiKey", "lex2_a b", "the key holds a character that no key has"],
  ["lexApiKey", "lex2_a\nb", "the key holds a character that no key has"],
  ["lexApiKey", "lex2_é", "the key holds a character that no key has"],
  ["lexApiKey", "lxc_abc", "this is a key of Lexey: set LEXEY_CUSTOMER_KEY"],
  ["platform", "lexi", "use lex or lexey"],
  ["lexeyCustomerKey", "lxm_abc", "give a customer key of Lexey, which starts with lxc_"],
  ["lexeyCustomerKey", "lxc_a b", "the key holds a character that no key has"],
  ["lexeyManagementKey", "lxc_abc", "give a management key of Lexey, which starts with lxm_"],
  ["allowedOrigins", "https://a.test/", '"https://a.test/": write only the origin'],
  ["sessionSecret", "short", "use at least 32 bytes; make one with: openssl rand -hex 32"],
  ["sessionSecret", `${SECRET},short`, "use at least 32 bytes"],
  ["identitySecret", "x".repeat(31), "use at least 32 bytes"],
  ["adminToken", "x".repeat(31), "use at least 32 bytes"],
  ["adminToken", `${SECRET}!`, "use only letters, digits"],
  ["redisUrl", "localhost:6379", "use an address such as redis://"],
  ["redisUrl", "http://localhost:6379", "use an address such as redis://"],
  ["redisUrl", "redis://localhost/main", "the database is a number"],
  ["primaryColor", "2563EB", "use a hex colour such as #2563EB"],
  ["primaryColor", "#2563E", "use a hex colour such as #2563EB"],
  ["primaryColor", "red;}", "use a hex colour such as #2563EB"],
  ["conversations", "common", "use per-visitor or shared"],
  ["padding", "yes", "use on or off"],
  ["trustProxy", "true", "use the number of reverse proxies in front, or their addresses"],
  ["trustProxy", "10.0.0.0/33", "use the number of reverse proxies in front, or their addresses"],
  ["trustProxy", "proxy.internal", "use the number of reverse proxies in front"],
  ["logLevel", "trace", "use info or debug or warn or error or silent"],
  ["agentName", "x".repeat(81), "use at most 80 characters"],
  ["welcomeHeading", "x".repeat(201), "use at most 200 characters"],
  ["welcomeSubheading", "x".repeat(401), "use at most 400 characters"],
])("%s refuses %j with the fix", (name, text, fix) => {
  expect(() => parse(name, text)).toThrow(fix);
});

test("a secret is measured in bytes, not in characters", () => {
  expect(parse("identitySecret", "ö".repeat(16))).toBe("ö".repeat(16));
});
