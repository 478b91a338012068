import { randomUUID } from "node:crypto";
import type { Step } from "../agent/agent.ts";
import type { Outcome } from "./actor.ts";

/** The two steps that show a tool's call to whoever watches. */
export function describeCall(
  { name, json }: { name: string; json: string },
  { ok, text }: Outcome,
): [Step, Step] {
  const id = `toolu_${randomUUID()}`;
  return [
    { type: "tool_use", id, name, input: toInput(json) },
    { type: "tool_result", id, name, ok, result: text },
  ];
}

function toInput(json: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(json)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
