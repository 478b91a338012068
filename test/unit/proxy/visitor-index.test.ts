import { expect, test } from "vitest";
import { createMemoryIndex } from "../../../proxy/visitors/visitor-index.ts";

const DAY_MS = 86_400_000;

test("a visitor's conversations are listed newest first, each once", async () => {
  const index = createMemoryIndex(90);
  for (const id of ["c1", "c2", "c3", "c1"]) await index.add("u_ada", id);

  expect(await index.list("u_ada")).toEqual(["c1", "c3", "c2"]);
});

test("visitors do not see each other's", async () => {
  const index = createMemoryIndex(90);
  await index.add("u_ada", "c1");

  expect(await index.list("u_bob")).toEqual([]);
});

test("the fifty newest are kept", async () => {
  const index = createMemoryIndex(90);
  for (let number = 1; number <= 60; number += 1) await index.add("u_ada", `c${number}`);
  const ids = await index.list("u_ada");

  expect(ids).toHaveLength(50);
  expect(ids[0]).toBe("c60");
  expect(ids.at(-1)).toBe("c11");
});

test("they expire the given days after the last conversation", async () => {
  let now = 0;
  const index = createMemoryIndex(2, () => now);
  await index.add("u_ada", "c1");
  now = 1.5 * DAY_MS;
  await index.add("u_ada", "c2");

  now = 3 * DAY_MS;
  expect(await index.list("u_ada")).toEqual(["c2", "c1"]);
  now = 3.5 * DAY_MS;
  expect(await index.list("u_ada")).toEqual([]);
});
