import { expect, it } from "vitest";
import { subjectOf } from "../../../../widget/identity/subject.ts";

const jwt = (payload: unknown): string =>
  ["header", Buffer.from(JSON.stringify(payload)).toString("base64url"), "signature"].join(".");

it.each(["ada", "ада@example.com", "???>>>~~~", '"}'])(
  "the subject %j is read and told from others",
  (sub) => {
    expect(subjectOf(jwt({ sub, exp: 1 }))).toBe(subjectOf(jwt({ exp: 2, sub })));
    expect(subjectOf(jwt({ sub }))).not.toBe(subjectOf(jwt({ sub: `${sub}!` })));
    expect(subjectOf(jwt({ sub }))).toBeDefined();
  },
);

it.each(["", "jwt", "a.b.c", jwt(null), jwt({})])("%j is nobody's", (text) => {
  expect(subjectOf(text)).toBeUndefined();
});
