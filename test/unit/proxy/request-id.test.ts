import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { currentRequestId, toRequestId, withRequestId } from "../../../proxy/request-id.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

test.each(["12345678", "0af7651916cd43dd8448eb211c80319c", "a-b_C-9000", "x".repeat(64)])(
  "the caller's id %s is taken over",
  (id) => {
    expect(toRequestId(id)).toBe(id);
  },
);

test.each([undefined, "", "1234567", "x".repeat(65), "a\nforged: line", 'quote"quote', "blank in"])(
  "instead of %j one is made",
  (given) => {
    expect(toRequestId(given)).toMatch(UUID);
  },
);

test("what a request starts belongs to it, also later and beside others", async () => {
  const later = (): Promise<string | undefined> => wait(5).then(currentRequestId);

  expect(await Promise.all([withRequestId(later, "first-request"), later()])).toEqual([
    "first-request",
    undefined,
  ]);
});

test("work of the proxy's own gets an id that is not the request's that began it", () => {
  const [outer, inner] = withRequestId(() => [
    currentRequestId(),
    withRequestId(() => currentRequestId()),
  ]);

  expect([outer, inner]).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)]);
  expect(inner).not.toBe(outer);
});
