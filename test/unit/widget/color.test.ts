import { describe, expect, it } from "vitest";
import { contrast, readableOn, textOn } from "../../../widget/color.ts";

/** Every ninth step of each channel: 6859 colours, corners and greys included. */
const steps = Array.from({ length: 18 }, (_, index) => index * 15);
const hex = (value: number) => value.toString(16).padStart(2, "0");
const colors = steps.flatMap((red) =>
  steps.flatMap((green) => steps.map((blue) => `#${hex(red)}${hex(green)}${hex(blue)}`)),
);
const surfaces = ["#ffffff", "#f4f5f7", "#17191f", "#23262e"];

describe("contrast", () => {
  it.each([
    ["#000000", "#ffffff", 21],
    ["#ffffff", "#ffffff", 1],
    ["#777777", "#ffffff", 4.48],
    ["#2563eb", "#ffffff", 5.17],
    ["#fff", "#000", 21],
  ])("of %s and %s is %d", (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBeCloseTo(ratio, 2);
  });
});

describe("textOn", () => {
  it.each([
    ["#2563eb", "#ffffff"],
    ["#1f6f54", "#ffffff"],
    ["#f97316", "#000000"],
    ["#ff0", "#000000"],
  ])("writes on %s in %s", (color, text) => {
    expect(textOn(color)).toBe(text);
  });

  it("takes the better one of black and white on every colour, and that reads well", () => {
    for (const color of colors) {
      const best = Math.max(contrast(color, "#000000"), contrast(color, "#ffffff"));
      expect(contrast(color, textOn(color))).toBeCloseTo(best, 1);
      expect(best).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe("readableOn", () => {
  it.each(surfaces)("reaches the ratio with every colour on %s", (surface) => {
    const poor = colors.filter((color) => contrast(readableOn(color, surface, 4.5), surface) < 4.5);
    expect(poor).toEqual([]);
  });

  it("returns a colour that reads already as it is", () => {
    expect(readableOn("#1f6f54", "#ffffff", 4.5)).toBe("#1f6f54");
  });

  it("goes no further than it must", () => {
    const readable = readableOn("#f97316", "#ffffff", 4.5);
    expect(contrast(readable, "#ffffff")).toBeLessThan(4.8);
  });

  it("keeps the hue: the order of the channels", () => {
    const [red = 0, green = 0, blue = 0] = (
      readableOn("#1f6f54", "#17191f", 4.5).match(/\w\w/g) ?? []
    ).map((digits) => parseInt(digits, 16));
    expect(green).toBeGreaterThan(blue);
    expect(blue).toBeGreaterThan(red);
  });
});
