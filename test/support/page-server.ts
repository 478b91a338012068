/** A site with one page, whose headers and markup a test chooses, and that collects what browsers report. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContext, Page } from "playwright-core";
import { closeLater } from "./close-later.ts";

export type PageServer = {
  origin: string;
  /** What the page is from now on. `body` follows a title and a heading. */
  show: (body: string, headers?: Record<string, string>) => void;
  /** The bodies of the reports that browsers sent to `REPORT_PATH`. */
  reports: string[];
};

/** For `report-uri`. */
export const REPORT_PATH = "/reports";

/** Listens until the test file ends. */
export async function startPageServer(): Promise<PageServer> {
  let page = { html: "", headers: {} as Record<string, string> };
  const reports: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.url === REPORT_PATH) {
      reports.push(await new Response(request as unknown as BodyInit).text());
      return void response.writeHead(204).end();
    }
    if (request.url === "/favicon.ico") return void response.writeHead(204).end();
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...page.headers });
    return void response.end(page.html);
  }).listen(0, "localhost");
  await once(server, "listening");
  closeLater(() => (server.close(), server.closeAllConnections()));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    show(body, headers = {}) {
      const head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>';
      page = { html: `${head}<h1>A page</h1>${body}`, headers };
    },
    reports,
  };
}

type Watched = typeof globalThis & { violations: string[] };

/** From the next page on, `violationsOf` knows what its policies refuse. */
export async function watchViolations(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const violations: string[] = ((globalThis as Watched).violations = []);
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      violations.push(`event: ${violatedDirective} ${blockedURI} ${sample}`),
    );
    new ReportingObserver(
      (reports) => {
        for (const { type, body } of reports)
          violations.push(`report: ${type} ${JSON.stringify(body)}`);
      },
      { buffered: true },
    ).observe();
  });
}

export const violationsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as Watched).violations);
