import { describe, expect, test } from "vitest";
import { checkSettings } from "../../../proxy/doctor/settings.ts";

const SECRET = "a-session-secret-of-the-doctors-tests-123";
const OTHER = "another-secret-of-the-doctors-tests-45678";
const WORKING: NodeJS.ProcessEnv = {
  LEX_API_KEY: "lex2_x",
  SESSION_SECRET: SECRET,
  ALLOWED_ORIGINS: "https://www.example.com",
  TRUST_PROXY: "1",
};

const examine = (
  environment: NodeJS.ProcessEnv,
  publicUrl: string | null = "https://chat.example",
) =>
  checkSettings({ ...WORKING, ...environment }, publicUrl).findings.map(
    ({ level, about, says, fix = "" }) => `${level} ${about}: ${says} → ${fix}`,
  );

test("settings that are right are said to be, subject by subject", () => {
  const lines = examine({});
  expect(lines).toHaveLength(4);
  for (const subject of ["settings", "secrets", "origins", "address"])
    expect(lines.filter((line) => line.startsWith(`ok ${subject}: `))).toHaveLength(1);
});

test("what serve would refuse is a problem each, with its fix and without a secret", () => {
  const { config, findings } = checkSettings(
    { SESSION_SECRET: "short-secret", PORT: "eighty", ALLOWED_ORIGINS: "https://a.example/" },
    null,
  );
  expect(config).toBeNull();
  expect(findings).toMatchObject([
    { level: "problem", says: expect.stringMatching(/^PORT is "eighty"/), fix: expect.any(String) },
    { level: "problem", says: expect.stringMatching(/^ALLOWED_ORIGINS is "https/) },
    { level: "problem", says: expect.stringMatching(/^SESSION_SECRET \(12 characters\)/) },
    { level: "problem", says: expect.stringMatching(/^LEX_API_KEY is not set/) },
  ]);
  for (const { fix } of findings) expect(fix).toBeTruthy();
  expect(JSON.stringify(findings)).not.toContain("short-secret");
});

describe("each of these is found", () => {
  test.each<[name: string, environment: NodeJS.ProcessEnv, line: RegExp]>([
    [
      "one secret for two purposes",
      { ADMIN_TOKEN: OTHER, WEBHOOK_SECRET: OTHER },
      /^problem secrets: ADMIN_TOKEN and WEBHOOK_SECRET are the same/,
    ],
    [
      "a session secret that is a token too",
      { ADMIN_TOKEN: SECRET },
      /^problem secrets: SESSION_SECRET and ADMIN_TOKEN are the same/,
    ],
    [
      "a secret that was typed",
      { ADMIN_TOKEN: "abababababababababababababababababab" },
      /^warning secrets: ADMIN_TOKEN is easy to guess/,
    ],
    [
      "messages that the limit of bodies refuses",
      { LIMIT_MESSAGE_CHARACTERS: "30000" },
      /^warning limits: LIMIT_BODY_BYTES is 65536: .* 30000, .* → set LIMIT_BODY_BYTES=91000,/,
    ],
    ["every origin", { ALLOWED_ORIGINS: "*" }, /^warning origins: every page/],
    ["no origin", { ALLOWED_ORIGINS: "" }, /^problem origins: no page may use the chat/],
    [
      "no origin but the proxy's own",
      { ALLOWED_ORIGINS: "", PUBLIC_URL: "https://chat.example" },
      /^warning origins: only pages under https:\/\/chat\.example may/,
    ],
    [
      "only pages on this machine, in production",
      { ALLOWED_ORIGINS: "http://localhost:3000" },
      /^warning origins: only pages on localhost/,
    ],
    [
      "pages that are not encrypted",
      { ALLOWED_ORIGINS: "https://a.example,http://b.example" },
      /^warning origins: http:\/\/b\.example: anybody/,
    ],
    [
      "another public address",
      { PUBLIC_URL: "https://old.example" },
      /^warning address: PUBLIC_URL is https:\/\/old\.example → set PUBLIC_URL=https:\/\/chat\.example/,
    ],
    [
      "a reverse proxy that is not trusted",
      { TRUST_PROXY: "off" },
      /^problem address: there is a reverse proxy in front and TRUST_PROXY is off/,
    ],
  ])("%s", (_name, environment, line) => {
    const lines = examine(environment);
    expect(lines.filter((found) => line.test(found))).toHaveLength(1);
    expect(lines.join("\n")).not.toMatch(new RegExp(`${SECRET}|${OTHER}|abababab`));
  });

  test("an address that is not encrypted", () => {
    const lines = examine({}, "http://chat.example");
    expect(lines).toContainEqual(expect.stringMatching(/^problem address: .* is not encrypted/));
  });

  test("no address at all", () => {
    expect(examine({}, null)).toContainEqual(
      expect.stringMatching(/^warning address: .* not known/),
    );
  });
});

test.each(["http://localhost:8787", "http://127.0.0.1:8787", "http://[::1]:8787"])(
  "%s is this machine: neither TLS nor TRUST_PROXY is asked for",
  (address) => {
    const lines = examine(
      { TRUST_PROXY: "off", ALLOWED_ORIGINS: "http://localhost:3000" },
      address,
    );
    expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
  },
);
