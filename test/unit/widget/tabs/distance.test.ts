import { expect, it } from "vitest";
import { distance } from "../../../../widget/tabs/distance.ts";

it.each([
  ["e-8", "e-7", 1],
  ["e-10", "e-9", 1],
  ["e-7", "e-7", 0],
  ["e-7", "e-10", -3],
  ["f-8", "e-7", NaN],
  ["e-8", undefined, NaN],
  ["", "e-7", NaN],
])("%j after %j is %d events on", (id, last, events) => {
  expect(distance(id, last)).toBe(events);
});
