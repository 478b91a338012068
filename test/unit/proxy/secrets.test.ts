import { expect, test } from "vitest";
import { isSameSecret } from "../../../proxy/secrets.ts";

test.each([
  ["s3cret", true],
  ["s3creT", false],
  ["s3cre", false],
  ["s3cret ", false],
  ["", false],
  [undefined, false],
])("given %j, s3cret is matched: %s", (given, same) => {
  expect(isSameSecret(given, "s3cret")).toBe(same);
});
