import { describe, expect, test } from "vitest";
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

describe("what expires", () => {
  test("is what was there the last time, and no newer event", () => {
    const window = filled(2);
    window.expire();
    const added = window.add("frame 3");
    expect(window.since(`${EPOCH}-0`)).toHaveLength(3);
    window.expire();
    expect(window.since(`${EPOCH}-1`)).toBe("gone");
    expect(window.since(`${EPOCH}-2`)).toEqual([added]);
  });

  test("is everything in the end, though who has missed nothing still resumes", () => {
    const window = filled(2);
    window.expire();
    window.expire();
    expect(window.since(`${EPOCH}-1`)).toBe("gone");
    expect(window.since(`${EPOCH}-2`)).toEqual([]);
    expect(window.add("frame 3").id).toBe(`${EPOCH}-3`);
  });

  test("is no more than that where newer events have pushed it out before", () => {
    const window = createLogWindow(EPOCH, { maxEvents: 2 });
    window.add("frame 1");
    window.expire();
    for (const n of [2, 3, 4]) window.add(`frame ${n}`);
    window.expire();
    expect(window.since(`${EPOCH}-2`)).toHaveLength(2);
  });

  test("leaves room for as much as before", () => {
    const window = createLogWindow(EPOCH, { maxCharacters: 10 });
    window.add("123456789");
    window.expire();
    window.expire();
    window.add("12345");
    window.add("12345");
    expect(window.since(`${EPOCH}-1`)).toHaveLength(2);
  });

  test("does not reach beyond a reset", () => {
    const window = filled(5);
    window.expire();
    window.reset(OTHER, 0);
    window.add("frame 1");
    window.expire();
    expect(window.since(`${OTHER}-0`)).toHaveLength(1);
  });
});

test("epochs are twelve hexadecimal digits, and differ", () => {
  const epochs = Array.from({ length: 100 }, createEpoch);
  for (const epoch of epochs) expect(epoch).toMatch(/^[0-9a-f]{12}$/);
  expect(new Set(epochs).size).toBe(100);
});
