/** Files that the build made: read once, compressed already, sent from memory. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Request, Response } from "express";

const FOREVER = "public, max-age=31536000, immutable";
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

type Encoding = "br" | "gzip" | "identity";
export type Bodies = Readonly<Record<Encoding, Buffer>>;
export type BuiltFile = { bodies: Bodies; type: string; etag: string; cacheControl: string };

/** Scripts and styles of a folder by name; each lies beside its `.gz` and `.br`. */
export function readBuiltFiles(folder: string): Map<string, BuiltFile> {
  const files = new Map<string, BuiltFile>();
  for (const name of readdirSync(folder)) {
    const extension = name.split(".").at(-1) ?? "";
    if (!TYPES[extension]) continue;
    // Only a name with a hash can be kept for ever; `panel.js` always leads to the current one.
    const cacheControl = /-[\w-]{8,}\.\w+$/.test(name) ? FOREVER : "no-cache";
    const bodies = readCompressed(join(folder, name));
    files.set(name, toBuiltFile(bodies, extension, cacheControl));
  }
  return files;
}

const readCompressed = (file: string): Bodies => ({
  identity: readFileSync(file),
  gzip: readFileSync(`${file}.gz`),
  br: readFileSync(`${file}.br`),
});

/** `extension` is `js` or `css`. */
export function toBuiltFile(bodies: Bodies, extension: string, cacheControl: string): BuiltFile {
  const etag = `"${createHash("sha256").update(bodies.identity).digest("base64url").slice(0, 27)}"`;
  return { bodies, type: TYPES[extension] ?? "", etag, cacheControl };
}

/** In the smallest form that the caller takes; 304 when it has it. `policy` is who may embed it. */
export function sendBuiltFile(
  file: BuiltFile,
  request: Request,
  response: Response,
  policy: "cross-origin" | "same-origin",
): void {
  response.set({
    "Cache-Control": file.cacheControl,
    "Content-Type": file.type,
    "Cross-Origin-Resource-Policy": policy,
    ETag: file.etag,
    Vary: "Accept-Encoding",
  });
  if (request.fresh) return void response.status(304).end();
  const encoding = (request.acceptsEncodings(["br", "gzip", "identity"]) || "identity") as Encoding;
  if (encoding !== "identity") response.set("Content-Encoding", encoding);
  response.end(file.bodies[encoding]);
}
