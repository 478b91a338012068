/** An sRGB colour as `#rrggbb` or `#rgb`. */
type Color = string;

function channels(color: Color): number[] {
  const digits = color.length < 7 ? color.replace(/\w/g, "$&$&") : color;
  return [1, 3, 5].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/** Relative luminance, 0 to 1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(color: Color): number {
  const weights = [0.2126, 0.7152, 0.0722];
  return channels(color).reduce((sum, channel, index) => {
    const value = channel / 255;
    const linear = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return sum + linear * (weights[index] ?? 0);
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
  const ends = channels(to);
  const parts = channels(from).map((start, index) =>
    Math.round(start + ((ends[index] ?? 0) - start) * share)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${parts.join("")}`;
}
