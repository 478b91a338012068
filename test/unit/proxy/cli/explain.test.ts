import { describe, expect, test } from "vitest";
import { CommandError } from "../../../../proxy/cli/errors.ts";
import { explain } from "../../../../proxy/cli/explain.ts";
import { PlatformError, type PlatformFailure } from "../../../../proxy/platforms/platform.ts";

const asked = {
  name: "Lex",
  url: "https://lex.example",
  urlSetting: "LEX_URL",
  keySetting: "LEX_API_KEY",
};

function explainFailure(failure: PlatformFailure, status?: number, message = "GET /x: failed") {
  const error = new PlatformError(failure, message, status === undefined ? {} : { status });
  const explanation = explain(error, asked);
  if (!(explanation instanceof CommandError)) throw explanation;
  return `${explanation.message} → ${explanation.fix}`;
}

describe("a platform's failure", () => {
  test.each<[PlatformFailure, number | undefined, RegExp]>([
    ["refused", 401, /does not know the key in LEX_API_KEY \(401\) → copy the key again/],
    ["refused", 402, /no credits left \(402\) → see its billing page/],
    ["refused", 403, /key in LEX_API_KEY may not be used for this \(403\)/],
    ["not-found", 404, /does not have that \(404\) → check the id, and LEX_URL/],
    ["not-found", undefined, /does not have that.* → check the id/],
    ["busy", 409, /still at work .*\(409\)/],
    ["full", 429, /takes no more messages \(429\) → begin a new one/],
    ["unavailable", 429, /no more messages here .* → wait a moment, or begin a new/],
    ["refused", 302, /redirects \(302\), and the key is sent nowhere else → set LEX_URL/],
    ["unavailable", 503, /has a problem of its own \(503\)/],
    ["timeout", undefined, /https:\/\/lex\.example did not answer in time/],
    ["unknown", undefined, /it isn't known whether Lex has got it/],
    ["invalid", 200, /does not answer as Lex does: .* → check LEX_URL/],
  ])("%s with status %s says what to do", (failure, status, text) => {
    expect(explainFailure(failure, status)).toMatch(text);
  });

  test("names the reason for which the platform is not reached", () => {
    const message = "GET /api/conversations: failed (ECONNREFUSED)";
    expect(explainFailure("unavailable", undefined, message)).toBe(
      "https://lex.example can't be reached: failed (ECONNREFUSED) → check LEX_URL and the network",
    );
  });
});

test("an error that is none of the platform's stays as it is", () => {
  const error = new Error("something else");
  expect(explain(error, asked)).toBe(error);
});
