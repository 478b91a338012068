import { expect, test } from "vitest";
import { createStatuses } from "../../../proxy/relay/statuses.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

test("an escalation is remembered for thirty days", () => {
  let now = 0;
  const statuses = createStatuses(() => now);
  statuses.set("a", "escalated");
  now = 30 * DAY_MS - 1;
  expect(statuses.get("a")).toBe("escalated");
  expect(statuses.get("b")).toBe("active");
  now = 30 * DAY_MS;
  expect(statuses.get("a")).toBe("active");
});

test("it ends when the agent answers again", () => {
  const statuses = createStatuses();
  statuses.set("a", "escalated");
  statuses.set("a", "active");
  expect(statuses.get("a")).toBe("active");
});

test("beyond ten thousand the oldest is forgotten", () => {
  const statuses = createStatuses();
  statuses.set("first", "escalated");
  statuses.set("second", "escalated");
  statuses.set("first", "escalated");
  for (let count = 0; count < 9999; count += 1) statuses.set(`${count}`, "escalated");
  expect(statuses.get("first")).toBe("escalated");
  expect(statuses.get("second")).toBe("active");
  expect(statuses.get("9998")).toBe("escalated");
});
