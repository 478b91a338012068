import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Action } from "../../../demo/platform/manager/actions.ts";
import type { Situation } from "../../../demo/platform/manager/reading/reading.ts";
import { understand } from "../../../demo/platform/manager/reading/understand.ts";

type Sample = { say: string; do: Record<string, unknown>[] };
type Unclear = Sample & { ask: string; reply?: string };
type Fixture = {
  given: Situation;
  nothing: string[];
  unclear: Unclear[];
} & Record<Task, Sample[]>;
type Task = (typeof TASKS)[number];

const TASKS = [
  "context",
  "articles",
  "branding",
  "rules",
  "analytics",
  "settings",
  "several",
  "afterwards",
] as const;

const path = new URL("../../fixtures/management.yaml", import.meta.url);
const fixture = parse(readFileSync(path, "utf8")) as Fixture;
const situation = fixture.given;

/** An action as the fixture writes it: its fields under its name. */
function toWritten(action: Action): Record<string, unknown> {
  if (action.name === "set_branding") return { set_branding: action.branding };
  const { name, ...fields } = action;
  return { [name]: fields };
}

describe.each(TASKS)("%s", (task) => {
  test.each(fixture[task])("is understood: $say", ({ say, do: expected }) => {
    const { actions, question } = understand(say, situation);

    expect(actions.map(toWritten)).toEqual(expected);
    expect(question?.text).toBeUndefined();
  });
});

describe("a message that asks for nothing", () => {
  test.each(fixture.nothing)("changes nothing: %s", (say) => {
    expect(understand(say, situation)).toEqual({ actions: [] });
  });
});

describe("a message that lacks something", () => {
  test.each(fixture.unclear)("is asked about: $say", ({ say, ask, reply, do: expected }) => {
    const { actions, question } = understand(say, situation);

    expect(actions).toEqual([]);
    expect(question?.about).toBe(ask);
    if (!reply || !expected) return;
    const completed = understand(reply, situation, question);
    expect(completed.actions.map(toWritten)).toEqual(expected);
    expect(completed.question).toBeUndefined();
  });
});
