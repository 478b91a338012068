import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import express, { type Express, type Response } from "express";

import { buildReactExample } from "./react-example.ts";
import { accountRoutes } from "./site/account.ts";
import { readHelpArticles, renderHelpArticle, renderHelpIndex } from "./site/help.ts";
import { shopHeaders, strictHeaders, withMain, withProxy } from "./site/page.ts";
import { renderVariants } from "./site/variants.ts";

export type SiteOptions = {
  /** 0 takes a free one. */
  port: number;
  /** The address to listen on; 127.0.0.1 by default. */
  host?: string;
  /** Where the page finds `widget.js`. */
  proxyUrl: string;
  /** The proxy's `IDENTITY_SECRET`: without it nobody can sign in. */
  identitySecret?: string;
  /** A folder of Markdown files, each of them a page under `/help`. The shop's own by default. */
  articlesFolder?: string;
};

export type Site = { url: string; port: number; close: () => Promise<void> };

/** Visited as `localhost`: that is the origin which the demo's proxy allows. */
const localNames = new Set(["127.0.0.1", "::1", "0.0.0.0", "::"]);

const folder = fileURLToPath(new URL("site", import.meta.url));

/** Published style sheets of other projects; the tests of the widget are their other reader. */
const frameworks = fileURLToPath(new URL("../test/fixtures/host-css", import.meta.url));

/** Serves the Marlow shop. Rejects if the port is taken or `proxyUrl` is no URL. */
export async function createSite(options: SiteOptions): Promise<Site> {
  const { host = "127.0.0.1" } = options;
  const server = createServer(createApp(options));
  server.listen(options.port, host);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://${localNames.has(host) ? "localhost" : host}:${port}`,
    port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Files are read on each request, so that an edit needs no restart. */
function createApp(options: SiteOptions): Express {
  const { proxyUrl, identitySecret, articlesFolder = join(folder, "articles") } = options;
  const headers = shopHeaders(proxyUrl);
  const app = express().disable("x-powered-by");
  const reactScripts = new Map<string, string>();

  app.use("/images", express.static(join(folder, "images")));
  app.use("/styles", express.static(join(folder, "styles")));
  app.use("/scripts", express.static(join(folder, "scripts")));
  app.use("/frameworks", express.static(frameworks));

  if (identitySecret !== undefined) app.use("/account", accountRoutes(identitySecret));

  app.get("/favicon.ico", (_request, response) => response.redirect("/images/favicon.svg"));
  app.get("/", (_request, response) => sendFile(response, "index.html"));
  app.get("/basket", (_request, response) => sendMain(response, readPage("pages/basket.html")));
  app.get("/help", (_request, response) =>
    sendMain(response, readHelpArticles(articlesFolder).then(renderHelpIndex)),
  );
  app.get("/help/:name", (request, response) => sendArticle(response, request.params.name));
  app.get("/variants", (_request, response) =>
    sendMain(response, listVariants().then(renderVariantIndex)),
  );
  app.get("/react/:file", (request, response) => sendReactScript(response, request.params.file));
  app.get("/variants/strict-csp.html", (_request, response) => sendStrictPage(response));
  app.get("/variants/:file", (request, response) => sendVariant(response, request.params.file));
  app.use((_request, response) => sendNotFound(response));
  return app;

  async function sendFile(response: Response, path: string): Promise<void> {
    response.set(headers).send(withProxy(await readPage(path), proxyUrl));
  }

  async function sendMain(response: Response, main: Promise<string>): Promise<void> {
    const html = withMain(await readPage("index.html"), await main);
    response.set(headers).send(withProxy(html, proxyUrl));
  }

  async function sendArticle(response: Response, name: string): Promise<void> {
    const articles = await readHelpArticles(articlesFolder);
    const article = articles.find((article) => article.name === name);
    if (article === undefined) return sendNotFound(response);
    return sendMain(response, Promise.resolve(renderHelpArticle(article)));
  }

  async function sendVariant(response: Response, file: string): Promise<void> {
    const isKnown = (await listVariants()).includes(file);
    return isKnown ? sendFile(response, `variants/${file}`) : sendNotFound(response);
  }

  async function sendStrictPage(response: Response): Promise<void> {
    const nonce = randomBytes(16).toString("base64url");
    const html = (await readPage("variants/strict-csp.html")).replace("NONCE", nonce);
    response.set(strictHeaders(proxyUrl, nonce)).send(withProxy(html, proxyUrl));
  }

  /** The page asks for `main.js` first, which names the others. */
  async function sendReactScript(response: Response, file: string): Promise<void> {
    if (file === "main.js") {
      for (const [name, code] of await buildReactExample()) reactScripts.set(name, code);
    }
    const code = reactScripts.get(file);
    if (code === undefined) return sendNotFound(response);
    response.set(headers).type("js").send(code);
  }

  async function sendNotFound(response: Response): Promise<void> {
    await sendMain(response.status(404), readPage("pages/not-found.html"));
  }
}

function readPage(path: string): Promise<string> {
  return readFile(join(folder, path), "utf8");
}

async function listVariants(): Promise<string[]> {
  return (await readdir(join(folder, "variants"))).sort();
}

async function renderVariantIndex(files: string[]): Promise<string> {
  const pages = files.map(async (file) => ({ file, html: await readPage(`variants/${file}`) }));
  return renderVariants(await Promise.all(pages));
}
