import { expect, test } from "vitest";
import { parseInput, replySchema } from "../../../proxy/routes/input.ts";

const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));

test.each([
  ["a list", ["Hi"], "content is a list"],
  ["an object", { text: "Hi" }, "content is an object"],
  ["null", null, "content is null"],
  ["a number", 7, "content is 7"],
  ["nothing", undefined, "content is missing"],
  ["a list that is too deep to be written", nested(30_000), "content is a list"],
])("%s instead of a text is refused by its kind", (_name, content, beginning) => {
  expect(() => parseInput(replySchema, { content })).toThrow(
    expect.objectContaining({
      code: "invalid_request",
      field: "content",
      detail: expect.stringContaining(beginning),
    }),
  );
});
