/** The format of scenarios has one truth: its table. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CHECKS, SCENARIO } from "../../../../proxy/e2e/scenario.ts";
import { toSchema } from "../../../../proxy/e2e/schema.ts";
import { readScenarios } from "../../../../proxy/e2e/scenario-file.ts";

const NAMES = [...Object.keys(SCENARIO), "say", ...Object.keys(CHECKS)];
const [, section = ""] = readFileSync("README.md", "utf8").split("### Scenarios\n");

test("the README's table has every name and no other", () => {
  const rows = section
    .slice(0, section.indexOf("\n### "))
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const names = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
  );
  const nested = rows.flatMap((row) =>
    [...row.matchAll(/and `([a-z]+)`/g)].map(([, name]) => name),
  );
  expect([...names, ...nested].toSorted()).toEqual([...NAMES].toSorted());
});

test("the README's scenario is one", () => {
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(section) ?? [];
  const { scenarios, mistakes } = readScenarios(example, "README.md", "Lexey");
  expect(mistakes).toEqual([]);
  expect(scenarios).toMatchObject([{ steps: [{ tests: { length: 3 } }], review: [{}] }]);
});

test("the schema for editors has what the reader reads, and refuses all else", () => {
  const schema = toSchema() as unknown as {
    properties: Record<string, { items?: Record<string, unknown>; properties?: unknown }>;
  };
  const keys = (value: unknown): string[] => Object.keys(value as object);
  expect(schema).toMatchObject({ required: ["name", "steps"], additionalProperties: false });
  expect(keys(schema.properties)).toEqual(keys(SCENARIO));
  const step = schema.properties["steps"]?.items;
  expect(step).toMatchObject({ required: ["say"], additionalProperties: false });
  const read = [...keys(step?.["properties"]), ...keys(schema.properties["history"]?.properties)];
  expect([...new Set(read)].toSorted()).toEqual([...keys(CHECKS), "say"].toSorted());
});
