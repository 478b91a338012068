import { expect, test } from "vitest";
import { deriveKeys } from "../../../proxy/visitors/keys.ts";

const hex = (key: Uint8Array | undefined): string => Buffer.from(key ?? []).toString("hex");

test("there is one key of 32 bytes for each secret, in their order", () => {
  const keys = deriveKeys(["one", "two"], "visitor-token");

  expect(keys.map((key) => key.length)).toEqual([32, 32]);
  expect(hex(keys[1])).toBe(hex(deriveKeys(["two"], "visitor-token")[0]));
});

test("each purpose has another key", () => {
  const [token] = deriveKeys(["one"], "visitor-token");
  const [handle] = deriveKeys(["one"], "conversation-handle");

  expect(hex(token)).not.toBe(hex(handle));
});

test("a key stays the same from one release to the next: visitors keep their tokens", () => {
  expect(hex(deriveKeys(["one"], "visitor-token")[0])).toBe(
    "5807019b1a6bdf41fbef8568bdc74d5ddf429e1adc8721670aa45ef8ce563773",
  );
});
