import { randomBytes } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { signIdentity } from "../../proxy/index.ts";
import { buildWidget } from "../support/build-widget.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openContext, openPage, startTestDemo, type Chat } from "../support/demo.ts";
import {
  REPORT_PATH,
  startPageServer,
  violationsOf,
  watchViolations,
  type PageServer,
} from "../support/page-server.ts";
import { makeFolder } from "../support/programs.ts";

/** All that an answer can hold. */
const ARTICLE = `---
title: Set up
url: /help/set-up
about: the set-up
---

## How to install the scale

> Read this **first**, or see [the chart](/help/grind-chart) and ![a picture](https://example.com/a.png).

| Step | Time |
| ---- | ---- |
| One  | 1 min |

1. Run \`scale\`:

\`\`\`sh
scale --install --colour red
\`\`\`
`;

const ISOLATED = {
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
};
const TRUSTED_TYPES = "require-trusted-types-for 'script'; trusted-types 'none'";

/** All that an English page can load, at once and on demand. */
const findFiles = (): string[] =>
  readdirSync(`${buildWidget()}assets`).filter((name) =>
    /^(?!widget-|(?!en-)[a-z]{2}-).+-\w+\.js$/.test(name),
  );

/** A policy for a proxy's origin that allows the script and no style, image or font. */
type Policy = (proxy: string, nonce: string) => string;

const byNonce: Policy = (proxy, nonce) =>
  `script-src 'nonce-${nonce}' 'strict-dynamic'; connect-src ${proxy}; ${TRUSTED_TYPES}`;

const byHost: Policy = (proxy) => `script-src ${proxy}; connect-src ${proxy}; ${TRUSTED_TYPES}`;

describe.skipIf(!findChromium())("a page whose policy allows nothing but the chat", () => {
  const secret = randomBytes(32).toString("hex");
  let browser: Browser;
  let demo: Demo;
  let pages: PageServer;
  let proxy: string;

  beforeAll(async () => {
    const articlesFolder = makeFolder();
    writeFileSync(join(articlesFolder, "set-up.md"), ARTICLE);
    pages = await startPageServer();
    [browser, demo] = await Promise.all([
      launchChromium(),
      startTestDemo({
        platform: { articlesFolder },
        environment: { ALLOWED_ORIGINS: pages.origin, IDENTITY_SECRET: secret },
      }),
    ]);
    proxy = `http://localhost:${demo.proxy.port}`;
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  /** Opens the page under the policy; `attributes` are more of the script tag's, `markup` follows it. */
  async function open(policyOf: Policy, { attributes = "", markup = "" } = {}): Promise<Chat> {
    const nonce = randomBytes(16).toString("base64url");
    const policy = `default-src 'none'; ${policyOf(proxy, nonce)}; report-uri ${REPORT_PATH}`;
    pages.reports.length = 0;
    const tag = `<script async nonce="${nonce}" src="${proxy}/widget.js" ${attributes}></script>`;
    pages.show(tag + markup, { ...ISOLATED, "Content-Security-Policy": policy });
    const context = await openContext(browser);
    await context.grantPermissions(["clipboard-write"]);
    await watchViolations(context);
    return openPage(browser, pages.origin, { context });
  }

  it.each([
    ["by nonce and strict-dynamic", byNonce],
    ["by its host", byHost],
  ])("runs all of it %s", async (_how, policyOf) => {
    const { page, panel, messages, console, ...chat } = await open(policyOf);
    await chat.open();
    await chat.ask("How do I install the scale?");
    await panel.getByRole("table").waitFor();
    await panel.getByRole("button", { name: "Copy" }).first().click();
    await panel.getByRole("button", { name: "Copied" }).waitFor();
    await panel.getByRole("button", { name: "Send message" }).waitFor();
    expect(await messages.last().locator("pre code").textContent()).toContain("scale --install");
    // Its styles came through: without them it would be static.
    expect(await panel.evaluate((panel) => getComputedStyle(panel).position)).toBe("absolute");
    await page.reload();
    await chat.open();
    await panel.getByRole("table").waitFor();
    await page.keyboard.press("Escape");

    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await violationsOf(page)).toEqual([]);
    expect(console).toEqual([]);
    expect(pages.reports).toEqual([]);
  });

  it("lets every file be loaded that there is", async () => {
    const chat = await open(byNonce, { attributes: 'data-theme="pink" data-consent="Yes?"' });
    const { page, panel, console, requests } = chat;
    const body = JSON.stringify({ code: "too_many_streams", retryable: true });
    const headers = { "Access-Control-Allow-Origin": "*" };
    await page.route("**/stream", (route) => route.fulfill({ status: 429, headers, body }));
    await chat.launcher.click();
    await panel.getByRole("button", { name: "Agree and start" }).click();
    await chat.ask("How do I install the scale?");
    await panel.getByRole("table").waitFor();
    await page.reload();
    await chat.open();
    await panel.getByRole("table").waitFor();
    await panel.getByRole("button", { name: "Menu" }).click();
    await panel.getByRole("menuitem", { name: "Conversations" }).click();
    await panel.getByRole("region", { name: "Conversations" }).getByRole("listitem").waitFor();
    // The launcher looks back when the page has been there for a while, at nobody who is signed in.
    await expect.poll(() => requests.join(), { timeout: 20_000 }).toContain("/recall-");
    const identity = await signIdentity({ secret, subject: "ada" });
    await page.evaluate((jwt) => window.LexChat?.("identify", jwt), identity);
    await expect
      .poll(() => requests.filter((call) => call === "POST /api/session"))
      .toHaveLength(2);

    const loaded = requests.map((request) => request.replace("GET /assets/", ""));
    expect(loaded).toEqual(expect.arrayContaining(findFiles()));
    expect(await violationsOf(page)).toEqual([]);
    expect(console.filter((line) => !/^\[lex-chat\] data-theme|429/.test(line))).toEqual([]);
    expect(pages.reports).toEqual([]);
  });

  it("is seen to refuse what it does not allow, in each of the three places that are looked at", async () => {
    const refused = '<p style="color: red"></p><script>1</script><img src="/a.png">';
    const { page, console } = await open(byHost, { markup: refused });
    await expect.poll(() => pages.reports.length).toBe(3);
    for (const directive of ["style-src-attr", "script-src-elem", "img-src"]) {
      expect(pages.reports.join()).toContain(directive);
      expect(await violationsOf(page)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(`^event: ${directive}`),
          expect.stringMatching(`^report: csp-violation .*"${directive}"`),
        ]),
      );
    }
    expect(console).toHaveLength(3);
  });
});
