import { expect, test } from "vitest";
import { createEpoch, createLogWindow } from "../../../proxy/relay/log-window.ts";

const EPOCH = "0123456789ab";
const OTHER = "ba9876543210";

function filled(count: number) {
  const window = createLogWindow(EPOCH);
  for (let n = 1; n <= count; n += 1) window.add(`frame ${n}`);
  return window;
}

test("a window that has no epoch yet answers no id, not even its own", () => {
  const window = createLogWindow("");
  expect(window.since(window.lastId())).toBe("gone");
});

test("numbers go on where a reset says, and nothing before is known", () => {
  const window = filled(3);
  window.reset(EPOCH, 7);
  expect([window.last(), window.lastId()]).toEqual([7, `${EPOCH}-7`]);
  expect(window.since(`${EPOCH}-3`)).toBe("gone");
  expect(window.since(`${EPOCH}-7`)).toEqual([]);
  const added = window.add("frame 8");
  expect(added.id).toBe(`${EPOCH}-8`);
  expect(window.since(`${EPOCH}-7`)).toEqual([added]);
});

test("after a reset to another epoch the ids of the last one are gone", () => {
  const window = filled(3);
  window.reset(OTHER, 0);
  window.add("frame 1");
  expect(window.epoch()).toBe(OTHER);
  expect(window.since(`${EPOCH}-0`)).toBe("gone");
  expect(window.since(`${OTHER}-0`)).toHaveLength(1);
});

test("a reset frees what was kept, so that as much fits in as before", () => {
  const window = createLogWindow(EPOCH, { maxCharacters: 10 });
  window.add("123456789");
  window.reset(OTHER, 0);
  window.add("12345");
  window.add("12345");
  expect(window.since(`${OTHER}-0`)).toHaveLength(2);
});

test("epochs are twelve hexadecimal digits, and differ", () => {
  const epochs = Array.from({ length: 100 }, createEpoch);
  for (const epoch of epochs) expect(epoch).toMatch(/^[0-9a-f]{12}$/);
  expect(new Set(epochs).size).toBe(100);
});
