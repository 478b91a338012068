/** An sRGB colour as `#rrggbb` or `#rgb`. */
type Color = string;

/** Channel 0, 1 or 2, from 0 to 255. */
function channel(color: Color, index: number): number {
  const width = color.length < 7 ? 1 : 2;
  const digits = color.slice(1 + index * width, 1 + (index + 1) * width);
  return parseInt(digits.repeat(3 - width), 16);
}

/** Relative luminance, 0 to 1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(color: Color): number {
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
    const value = channel(color, index) / 255;
    return sum + weight * (value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92);
  }, 0);
}

/** Contrast ratio, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
export function contrast(one: Color, other: Color): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever reads better on `color`: never below 4.58:1. */
export function textOn(color: Color): Color {
  // Where 1.05 / (x + 0.05) = (x + 0.05) / 0.05.
  return luminance(color) > 0.1791 ? "#000000" : "#ffffff";
}

/**
 * The colour nearest to `color` that reaches `ratio` against `surface`: it is mixed with black or
 * white in small steps, so the hue stays and the lightness moves. `ratio` up to 4.5 is always reached.
 */
export function readableOn(color: Color, surface: Color, ratio: number): Color {
  const target = textOn(surface);
  let readable = color;
  for (let share = 0; contrast(readable, surface) < ratio && share < 1;) {
    share += 1 / 64;
    readable = mix(color, target, share);
  }
  return readable;
}

function mix(from: Color, to: Color, share: number): Color {
  const parts = [0, 1, 2].map((index) => {
    const start = channel(from, index);
    const value = start + (channel(to, index) - start) * share;
    return Math.round(value).toString(16).padStart(2, "0");
  });
  return `#${parts.join("")}`;
}
