/** The owner's page and the page in its preview, as files: nothing of the owner's is in them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Router, type RequestHandler } from "express";
import { ProxyError } from "../errors.ts";
import { readBuiltFiles, sendBuiltFile } from "./built-file.ts";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];
/** No page may frame the owner's, and only the owner's may frame the preview. */
const PAGE = [...POLICY, "frame-src 'self'", "frame-ancestors 'none'"].join("; ");
const PREVIEW = [...POLICY, "frame-ancestors 'self'"].join("; ");

/** `folder` is what the build made. Without it everything is 404 and says how to build. */
export function managePages(folder: string): Router {
  const router = Router();
  if (!existsSync(folder)) {
    router.get("/", () => {
      throw new ProxyError("route_not_found", {
        detail: "The owner's page is not built: run npm run build.",
      });
    });
    return router;
  }
  const files = readBuiltFiles(join(folder, "assets"));
  const page = readFileSync(join(folder, "index.html"));
  const preview = readFileSync(join(folder, "preview.html"));

  router.get("/", (request, response, next) => {
    // Relative addresses in the page count from the folder that /manage is in.
    if (request.originalUrl.split("?")[0]?.endsWith("/")) return response.redirect("../manage");
    sendPage(page, PAGE)(request, response, next);
  });
  router.get("/preview", sendPage(preview, PREVIEW));
  router.get("/assets/:name", (request, response) => {
    const file = files.get(request.params.name);
    if (!file) throw new ProxyError("route_not_found", { detail: "There is no such file." });
    sendBuiltFile(file, request, response, "same-origin");
  });
  return router;
}

const sendPage =
  (html: Buffer, policy: string): RequestHandler =>
  (_request, response) => {
    response.set({
      "Content-Security-Policy": policy,
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Referrer-Policy": "no-referrer",
    });
    response.type("html").send(html);
  };
