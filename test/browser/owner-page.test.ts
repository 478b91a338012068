import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, screenshot, startTestDemo } from "../support/demo.ts";
import { ADMIN_TOKEN, openOwnerPage } from "../support/owner-page.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 390, height: 844 };

/** The rules that the page breaks, each with where. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(
    "axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Presses Tab until what has the focus is called `name`. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const { activeElement: element, body } = document;
      return element === body ? "" : (element?.textContent ?? "");
    });
    if (name.test(focused)) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

describe.skipIf(!findChromium())("the owner's page", () => {
  let browser: Browser;
  let demo: Demo;
  beforeAll(async () => {
    browser = await launchChromium();
    demo = await startTestDemo({
      platform: { thinkingMs: 50 },
      environment: { PLATFORM: "lexey", ADMIN_TOKEN, LOG_LEVEL: "silent" },
    });
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  it("changes the heading by chat: at once in the preview, and in the shop's next page load", async () => {
    const { page, preview, signIn, tell, console } = await openOwnerPage(browser, demo);
    await signIn();
    await preview.getByText("Need help with Marlow?").waitFor();
    await tell("Set our agent name to 'Ada' and the welcome heading to 'What is in the tent?'");
    await preview.getByText("What is in the tent?").waitFor();
    await preview.getByRole("dialog", { name: "Chat – Ada" }).waitFor();
    await screenshot(page, "owner-page");

    const shop = await openPage(browser, demo.site.url);
    await shop.open();
    await shop.panel.getByText("What is in the tent?").waitFor();
    await shop.panel.getByRole("heading", { name: "Ada" }).waitFor();
    expect([...console, ...shop.console]).toEqual([]);
  });

  it("has a preview that chats, and shows it in the plots of the last hour", async () => {
    const { page, preview, signIn, console } = await openOwnerPage(browser, demo);
    await signIn();
    const messages = page.locator("figure", { hasText: "Messages" }).locator(".value");
    const before = Number(await messages.textContent());
    await preview.getByRole("textbox").fill("How much is shipping to Germany?");
    await preview.getByRole("textbox").press("Enter");
    await preview.getByRole("link", { name: "Shipping" }).waitFor();
    await expect
      .poll(async () => Number(await messages.textContent()), { timeout: 15_000 })
      .toBe(before + 1);
    const painted = await page.locator("figure canvas").evaluateAll((canvases) =>
      (canvases as HTMLCanvasElement[]).map((canvas) => {
        const { data = [] } =
          canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
        return data.some((value) => value > 0);
      }),
    );
    expect(painted).toEqual([true, true, true, true]);
    expect(console).toEqual([]);
  });

  it("refuses a wrong token, and forgets the right one with a reload", async () => {
    const { page, signIn } = await openOwnerPage(browser, demo);
    await signIn("wrong-token-of-the-browser-tests-0123456789");
    await page.getByRole("alert").getByText("not the proxy's ADMIN_TOKEN").waitFor();
    await signIn();
    await page.getByRole("heading", { name: "Configure" }).waitFor();
    const kept = await page.evaluate(() =>
      JSON.stringify([localStorage, sessionStorage, document.cookie, location.href]),
    );
    expect(kept).not.toContain(ADMIN_TOKEN);
    await page.reload();
    await page.getByLabel("Admin token").waitFor();
    expect(await page.getByLabel("Admin token").inputValue()).toBe("");
  });

  it("is used by the keyboard alone", async () => {
    const { page, preview } = await openOwnerPage(browser, demo);
    await page.keyboard.type(ADMIN_TOKEN);
    await page.keyboard.press("Enter");
    await preview.getByRole("textbox").waitFor();
    // The preview opens by itself, and leaves the focus where it is.
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    await tabTo(page, /What is our current branding/);
    await page.keyboard.press("Enter");
    await page.locator(".message.assistant time").waitFor();
    await page.keyboard.type("Set the welcome heading to 'By keyboard'");
    await page.keyboard.press("Enter");
    await preview.getByText("By keyboard").waitFor();
    await page.getByRole("button", { name: "Send message" }).first().waitFor();
    await tabTo(page, /Copy script tag/);
    await page.keyboard.press("Enter");
    // Copied, or selected where the browser gives no leave to.
    await expect
      .poll(() =>
        page.evaluate(
          () =>
            getSelection()?.toString() || document.querySelector("#install + button")?.textContent,
        ),
      )
      .toMatch(/^Copied$|^<script async src=/);
  });

  it.each([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["on a phone", { colorScheme: "light", viewport: PHONE }],
  ] as const)("breaks no rule of accessibility, %s", async (name, options) => {
    const { page, preview, signIn, tell } = await openOwnerPage(browser, demo, options);
    expect(await violationsOf(page)).toEqual([]);
    await signIn();
    await preview.getByRole("dialog").waitFor();
    await tell("What is our current branding?");
    expect(await violationsOf(page)).toEqual([]);
    const beyond = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(beyond).toBe(0);
    const place = async (selector: string) => (await page.locator(selector).boundingBox())?.y ?? 0;
    const isFirst = (await place(".figures")) < (await place(".columns"));
    expect(isFirst, "the plots come first").toBe(name !== "on a phone");
    await screenshot(page, `owner-page-${name.replaceAll(" ", "-")}`);
  });
});

describe.skipIf(!findChromium())("the owner's page on Lex", () => {
  it("has the preview, the script tag and the plots, and says what the talk takes", async () => {
    const browser = await launchChromium();
    const demo = await startTestDemo({ environment: { ADMIN_TOKEN, LOG_LEVEL: "silent" } });
    const { page, preview, signIn, console } = await openOwnerPage(browser, demo);
    await signIn();
    await page.getByText("Set LEXEY_MANAGEMENT_KEY on the proxy").waitFor();
    await preview.getByText("Need help with Marlow?").waitFor();
    await page.getByText(`src="http://localhost:${demo.proxy.port}/widget.js"`).waitFor();
    await expect.poll(() => page.locator("figure canvas").count()).toBe(4);
    expect(console).toEqual([]);
    await browser.close();
    await demo.close();
  });
});
