import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createSite, type Site } from "../../demo/site-server.ts";

const proxyUrl = "http://localhost:45678";
const siteFolder = new URL("../../demo/site/", import.meta.url);
const articleNames = await namesIn("articles/", ".md");
const variantFiles = await namesIn("variants/", "");
const shopPages = [
  "/",
  "/basket",
  "/help",
  ...articleNames.map((name) => `/help/${name}`),
  "/variants",
];
const allPages = [...shopPages, ...variantFiles.map((file) => `/variants/${file}`)];

let site: Site;

beforeAll(async () => {
  site = await createSite({ port: 0, proxyUrl });
});
afterAll(() => site.close());

describe("the shop's pages", () => {
  it("has an article for each address that the shop promises", () => {
    expect(articleNames).toEqual(expect.arrayContaining(["shipping", "returns", "marlow-one"]));
  });

  it.each(allPages)("serves %s with one script tag, pointed at the running proxy", async (path) => {
    const { status, html } = await get(path);
    expect(status).toBe(200);
    // The chat of the React app is in the app's own script.
    const tag = path.endsWith("/react.html")
      ? /src="\/react\/main\.js"/g
      : /src="[^"]*widget\.js"/g;
    expect(html.match(tag)).toHaveLength(1);
    expect(html).toContain(proxyUrl);
    expect(html).not.toContain("localhost:8787");
  });

  it.each(articleNames)("shows the article %s under its own title", async (name) => {
    const source = await readFile(new URL(`articles/${name}.md`, siteFolder), "utf8");
    const title = /^title: (.+)$/m.exec(source)?.[1];
    const { html } = await get(`/help/${name}`);
    expect(html).toContain(`<h1>${title}</h1>`);
    expect(html).toContain(`<title>${title} · Marlow</title>`);
    expect((await get("/help")).html).toContain(`<a href="/help/${name}">${title}</a>`);
  });

  it.each(variantFiles)("says under /variants what %s shows, by name", async (file) => {
    const { html } = await get("/variants");
    expect(html).toMatch(new RegExp(`href="/variants/${file}"><strong>[^<]+</strong> [^<]+</a>`));
  });

  it("leads only to pages and files that exist", async () => {
    const links = new Set<string>();
    for (const path of allPages) {
      const { html } = await get(path);
      for (const [, link = ""] of html.matchAll(/(?:href|src)="(\/[^"#]*)/g)) links.add(link);
    }
    const broken = [];
    for (const link of links) {
      if ((await fetch(site.url + link)).status !== 200) broken.push(link);
    }
    expect(broken).toEqual([]);
  });

  it.each([
    "/nothing",
    "/help/nothing",
    "/variants/nothing",
    "/help/..%2fhelp",
    "/articles/shipping.md",
  ])("answers %s with a page in the shop's frame and 404", async (path) => {
    const { status, html } = await get(path);
    expect(status).toBe(404);
    expect(html).toContain('<link rel="stylesheet" href="/styles/site.css" />');
    expect(html).toContain("This page has run through");
  });
});

describe("the shop's content security policy", () => {
  it.each([...shopPages, "/nothing"])("lets %s use itself and the proxy alone", async (path) => {
    const { policy } = await get(path);
    expect(policy).toMatchObject({
      "default-src": "'none'",
      "script-src": `'self' ${proxyUrl}`,
      "connect-src": `'self' ${proxyUrl}`,
      "style-src": "'self'",
    });
  });

  it.each(allPages)("finds nothing inline to forbid in %s", async (path) => {
    const { html } = await get(path);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/i);
  });

  it("is at its strictest on the variant for it, with a nonce that is used once", async () => {
    const first = await get("/variants/strict-csp.html");
    const second = await get("/variants/strict-csp.html");
    const nonce = /<script[^>]* nonce="([^"]+)"/.exec(first.html.replaceAll("\n", " "))?.[1];
    expect(first.policy).toMatchObject({
      "script-src": `'nonce-${nonce}' 'strict-dynamic'`,
      "require-trusted-types-for": "'script'",
      "trusted-types": "'none'",
      "style-src": "'self'",
    });
    expect(first.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(second.html).not.toContain(nonce);
  });
});

describe("the site's files", () => {
  it("name no host but the demo's own", async () => {
    const files = await readdir(siteFolder, { recursive: true, withFileTypes: true });
    const foreign = [];
    for (const file of files.filter((entry) => entry.isFile())) {
      const text = await readFile(join(file.parentPath, file.name), "utf8");
      const urls = text.match(/(?:https?:)?\/\/[a-z0-9-]+[.:][a-z0-9.:]+/gi) ?? [];
      // An SVG's namespace is a name, not an address.
      foreign.push(...urls.filter((url) => !/localhost:|\/\/www\.w3\.org$/.test(url)));
    }
    expect(foreign).toEqual([]);
  });
});

describe("a help article", () => {
  let folder: string;
  let other: Site;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "articles-"));
    other = await createSite({ port: 0, proxyUrl, articlesFolder: folder });
  });
  afterAll(async () => {
    await other.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ["text that looks like HTML", "<script>alert(1)</script>", "&lt;script&gt;alert(1)"],
    ["a link of this site", "[a](/help/b)", '<a href="/help/b">a</a>'],
    ["a mail link", "[a](mailto:a@b.example)", '<a href="mailto:a@b.example">a</a>'],
    ["a link that would run code, as text", "[a](javascript:alert(1))", "<a>a</a>"],
    ["a link to another host without a scheme, as text", "[a](//evil.example)", "<a>a</a>"],
    ["a quote that would end an attribute", '[a](/"onclick=x)', 'href="/&quot;onclick=x"'],
    ["a list at the very end", "1. one\n2. two", "<li>one</li><li>two</li></ol>"],
    ["a table with its heading", "| a | b |\n| - | - |\n| c | d |\n", '<th scope="col"> a </th>'],
  ])("renders %s", async (_name, markdown, expected) => {
    await writeFile(join(folder, "case.md"), `---\ntitle: A & B\n---\n\n${markdown}\n`);
    const html = await (await fetch(`${other.url}/help/case`)).text();
    expect(html).toContain("<h1>A &amp; B</h1>");
    expect(html).toContain(expected);
  });
});

async function namesIn(folder: string, ending: string): Promise<string[]> {
  const files = await readdir(new URL(folder, siteFolder));
  return files
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, file.length - ending.length));
}

async function get(path: string) {
  const response = await fetch(site.url + path);
  const directives = response.headers.get("content-security-policy")?.split("; ") ?? [];
  return {
    status: response.status,
    headers: response.headers,
    policy: Object.fromEntries(directives.map((directive) => directive.split(/ (.*)/, 2))),
    html: await response.text(),
  };
}
