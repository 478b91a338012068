import { describe, expect, it } from "vitest";

import { chromiumArguments, findChromium } from "../../support/chromium.ts";

const playwrightPath = "/cache/playwright/chrome";

function find(existing: string[], chosen = ""): string | null {
  return findChromium({ chosen, playwrightPath, exists: (path) => existing.includes(path) });
}

describe("findChromium", () => {
  it.each<[string, string[], string, string | null]>([
    ["takes CHROMIUM before all others", ["/my", playwrightPath], "/my", "/my"],
    [
      "takes Playwright's before the system's",
      ["/usr/bin/chromium", playwrightPath],
      "",
      playwrightPath,
    ],
    ["takes Debian's", ["/usr/bin/chromium"], "", "/usr/bin/chromium"],
    ["takes Ubuntu's", ["/usr/bin/chromium-browser"], "", "/usr/bin/chromium-browser"],
    ["takes Chrome", ["/usr/bin/google-chrome"], "", "/usr/bin/google-chrome"],
    ["finds nothing on a bare machine", [], "", null],
  ])("%s", (_name, existing, chosen, expected) => {
    expect(find(existing, chosen)).toBe(expected);
  });

  it("refuses a CHROMIUM that is not there, by its name", () => {
    expect(() => find([playwrightPath], "/typo")).toThrow("CHROMIUM is /typo");
  });
});

describe("chromiumArguments", () => {
  it("turns the sandbox off for root alone", () => {
    expect(chromiumArguments(true)).toContain("--no-sandbox");
    expect(chromiumArguments(false)).not.toContain("--no-sandbox");
  });
});
