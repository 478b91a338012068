import { expect, test } from "vitest";
import { createMemoryDeliveries } from "../../../proxy/relay/deliveries.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

test("a delivery is remembered for a day", async () => {
  let now = 0;
  const deliveries = createMemoryDeliveries(() => now);
  expect(await deliveries.has("a")).toBe(false);
  await deliveries.add("a");
  now = DAY_MS - 1;
  expect(await deliveries.has("a")).toBe(true);
  expect(await deliveries.has("b")).toBe(false);
  now = DAY_MS;
  expect(await deliveries.has("a")).toBe(false);
});

test("beyond ten thousand the oldest is forgotten", async () => {
  const deliveries = createMemoryDeliveries();
  for (let count = 0; count <= 10_000; count += 1) await deliveries.add(`${count}`);
  expect(await deliveries.has("0")).toBe(false);
  expect(await deliveries.has("1")).toBe(true);
  expect(await deliveries.has("10000")).toBe(true);
});
