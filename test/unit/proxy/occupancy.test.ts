import { describe, expect, test } from "vitest";
import { createOccupancy } from "../../../proxy/relay/occupancy.ts";

describe("an occupancy", () => {
  test("lasts until all work has ended", async () => {
    const { occupy, isOccupied } = createOccupancy();
    const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const [one, two] = [occupy(() => first.promise), occupy(() => second.promise)];
    second.resolve("two");
    expect(await two).toBe("two");
    expect(isOccupied()).toBe(true);
    first.resolve("one");
    expect(await one).toBe("one");
    expect(isOccupied()).toBe(false);
  });

  test("ends with work that fails, which the caller is told", async () => {
    const { occupy, isOccupied } = createOccupancy();
    await expect(occupy(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(isOccupied()).toBe(false);
  });
});
