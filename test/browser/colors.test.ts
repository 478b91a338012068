/** Text on the brand's colour and of it, as each browser computes the style sheets' colours. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { closeLater } from "../support/close-later.ts";
import { findFirefox, findWebKit } from "../support/find-browser.ts";
import { launchFirefox } from "../support/firefox.ts";
import { launchWebKit } from "../support/webkit.ts";

/** Every third step of each channel: corners and greys included. */
const STEPS = [0, 51, 102, 153, 204, 255];
const colors = STEPS.flatMap((red) =>
  STEPS.flatMap((green) => STEPS.map((blue) => [red, green, blue] as const)),
);
const hex = (color: readonly number[]): string =>
  `#${color.map((value) => value.toString(16).padStart(2, "0")).join("")}`;

type Color = readonly number[];
type Drawn = Record<"brand" | "onBrand" | "light" | "dark", Color> & {
  /** What a text stands on at the top of the welcome, and the faintest text. */
  glow: Record<"light" | "dark", readonly [glow: Color, muted: Color]>;
};

/** In the page: what each colour leads to, as sRGB bytes. */
function drawColors({ css, colors }: { css: string; colors: string[] }): Drawn[] {
  const root = document.body.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const panel = document.createElement("div");
  panel.className = "panel";
  root.append(panel);
  const read = (color: string, scheme: string): Color => {
    panel.style.colorScheme = scheme;
    panel.style.backgroundColor = color;
    canvas?.clearRect(0, 0, 1, 1);
    if (canvas) canvas.fillStyle = getComputedStyle(panel).backgroundColor;
    canvas?.fillRect(0, 0, 1, 1);
    return [...(canvas?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
  };
  return colors.map((brand) => {
    sheet.replaceSync(`${css}:host{--brand:${brand}!important}.panel{transition:none}`);
    root.adoptedStyleSheets = [sheet];
    return {
      brand: read("var(--brand)", "light"),
      onBrand: read("var(--on-brand)", "light"),
      light: read("var(--accent)", "light"),
      dark: read("var(--accent)", "dark"),
      glow: {
        light: [read("var(--glow)", "light"), read("var(--muted)", "light")],
        dark: [read("var(--glow)", "dark"), read("var(--muted)", "dark")],
      },
    };
  });
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: Color): number {
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
    const value = (color[index] ?? 0) / 255;
    return sum + weight * (value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92);
  }, 0);
}

function contrast(one: Color, other: Color): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];
const SURFACES = {
  light: [WHITE, [0xf5, 0xf5, 0xf5]],
  dark: [
    [0x17, 0x19, 0x1f],
    [0x20, 0x22, 0x28],
  ],
};

/** Runs it on an empty page. */
type Run = (script: typeof drawColors, given: Parameters<typeof drawColors>[0]) => Promise<Drawn[]>;

async function startChromium(): Promise<Run> {
  const browser = await launchChromium();
  closeLater(() => browser.close());
  const page = await browser.newPage();
  return (script, given) => page.evaluate(script, given);
}

const start = async (launch: typeof launchFirefox): Promise<Run> => {
  const driver = await launch();
  await driver.goto("about:blank");
  return driver.run;
};

for (const [name, isThere, launch] of [
  ["Chromium", findChromium(), startChromium],
  ["Firefox", findFirefox(), () => start(launchFirefox)],
  ["WebKit", findWebKit(), () => start(launchWebKit)],
] as const) {
  describe.skipIf(!isThere)(`in ${name}`, () => {
    let drawn: Drawn[];

    beforeAll(async () => {
      const css = ["launcher", "panel"].map((name) =>
        readFileSync(new URL(`../../widget/styles/${name}.css`, import.meta.url), "utf8"),
      );
      const run = await launch();
      drawn = await run(drawColors, { css: css.join(""), colors: colors.map(hex) });
    });

    test("the text on any colour is white where that reads well, else black, and reads well", () => {
      expect(drawn.map(({ brand }) => brand)).toEqual(colors);
      for (const { brand, onBrand } of drawn) {
        // Within a hundredth either is right.
        const white = contrast(brand, WHITE);
        if (Math.abs(white - 4.5) > 0.01)
          expect([hex(brand), onBrand]).toEqual([hex(brand), white > 4.5 ? WHITE : BLACK]);
        expect(contrast(brand, onBrand)).toBeGreaterThanOrEqual(4.5);
      }
    });

    test.each(["light", "dark"] as const)(
      "text of any colour reads well on %s surfaces",
      (scheme) => {
        for (const colors of drawn) {
          for (const surface of SURFACES[scheme]) {
            const ratio = contrast(colors[scheme], surface);
            expect(ratio, `${hex(colors.brand)} on ${hex(surface)}`).toBeGreaterThanOrEqual(4.5);
          }
        }
      },
    );

    test.each(["light", "dark"] as const)(
      "text reads well in the %s glow of any colour",
      (scheme) => {
        for (const { brand, glow } of drawn) {
          expect(contrast(...glow[scheme]), hex(brand)).toBeGreaterThanOrEqual(4.5);
        }
      },
    );

    test("a colour that reads already stays as it is", () => {
      for (const { brand, light } of drawn.filter(({ brand }) => luminance(brand) < 0.155)) {
        expect(light).toEqual(brand);
      }
      for (const { brand, dark } of drawn.filter(({ brand }) => luminance(brand) > 0.5)) {
        expect(dark).toEqual(brand);
      }
    });
  });
}
