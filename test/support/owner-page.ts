/** The owner's page in Chromium, by what a person sees of it. */
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import type { Demo } from "../../demo/demo.ts";
import { openContext } from "./demo.ts";

export const ADMIN_TOKEN = "admin-token-of-the-browser-tests-0123456789";

export type OwnerPage = {
  page: Page;
  input: Locator;
  /** The page in the preview. */
  preview: FrameLocator;
  console: string[];
  signIn: (token?: string) => Promise<void>;
  /** Says it, and waits until the agent has answered. */
  tell: (message: string) => Promise<void>;
};

export type OwnerPageOptions = {
  viewport?: { width: number; height: number };
  colorScheme?: "light" | "dark";
};

/** Opens `/manage`, and waits for its form. The context ends with the test. */
export async function openOwnerPage(
  browser: Browser,
  demo: Demo,
  options: OwnerPageOptions = {},
): Promise<OwnerPage> {
  const { viewport = { width: 1440, height: 1000 }, colorScheme = "light" } = options;
  const context = await openContext(browser, { viewport, colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const console: string[] = [];
  page.on("console", (message) => console.push(message.text()));
  page.on("pageerror", (error) => console.push(`uncaught: ${error.message}`));
  await page.goto(`http://localhost:${demo.proxy.port}/manage`);
  const token = page.getByLabel("Admin token");
  await token.waitFor();
  const input = page.getByPlaceholder("Say what to change");
  return {
    page,
    input,
    preview: page.frameLocator("iframe"),
    console,
    async signIn(given = ADMIN_TOKEN) {
      await token.fill(given);
      await token.press("Enter");
    },
    async tell(message) {
      const answers = page.locator(".message.assistant time");
      const before = await answers.count();
      await input.fill(message);
      await input.press("Enter");
      await answers.nth(before).waitFor();
    },
  };
}
