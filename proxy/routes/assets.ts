/** `/widget.js` with the proxy's settings inlined, and `/assets/*`: the widget's built files, from memory. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { Router, type Request, type Response } from "express";
import { ProxyError } from "../errors.ts";
import type { WidgetSettings } from "../protocol.ts";

const SETTINGS_PLACEHOLDER = "__LEX_CHAT_SETTINGS__";
const ONE_MINUTE = "public, max-age=60";
const FOREVER = "public, max-age=31536000, immutable";
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

type Encoding = "br" | "gzip" | "identity";
type Bodies = Readonly<Record<Encoding, Buffer>>;
type Asset = {
  bodies: Bodies;
  type: string;
  etag: string;
  cacheControl: string;
};

export type AssetOptions = {
  /** What the widget's build made. Without it the routes answer 404 and say how to build. */
  folder: string;
  /** Looked at for each `widget.js`: its branding may change. */
  settings: () => WidgetSettings;
};

export function assetRoutes({ folder, settings }: AssetOptions): Router {
  const isBuilt = existsSync(join(folder, "widget.js"));
  const assets = isBuilt ? readAssets(folder) : new Map<string, Asset>();
  const findLoader = isBuilt ? createLoader(folder, settings) : () => undefined;
  const router = Router();

  function serve(asset: Asset | undefined, request: Request, response: Response): void {
    if (!asset) {
      const detail = !isBuilt
        ? "The widget is not built: run npm run build."
        : "There is no such file.";
      throw new ProxyError("route_not_found", { detail });
    }
    response.set({
      "Cache-Control": asset.cacheControl,
      "Content-Type": asset.type,
      // Pages under COEP require-corp may load it.
      "Cross-Origin-Resource-Policy": "cross-origin",
      ETag: asset.etag,
      Vary: "Accept-Encoding",
    });
    if (request.fresh) return void response.status(304).end();
    const encoding = (request.acceptsEncodings(["br", "gzip", "identity"]) ||
      "identity") as Encoding;
    if (encoding !== "identity") response.set("Content-Encoding", encoding);
    response.end(asset.bodies[encoding]);
  }

  router.get("/widget.js", (request, response) => serve(findLoader(), request, response));
  router.get("/assets/:name", (request, response) =>
    serve(assets.get(request.params.name), request, response),
  );
  return router;
}

/** `widget.js` with the settings of the moment; made anew only when they have changed. */
function createLoader(folder: string, settings: () => WidgetSettings): () => Asset {
  const loader = readFileSync(join(folder, "widget.js"), "utf8");
  const make = (json: string): Asset => {
    // A function as replacement: in a string, `$&` in a heading would be a pattern.
    const source = loader.replace(SETTINGS_PLACEHOLDER, () => json);
    return toAsset(compress(Buffer.from(source)), "js", ONE_MINUTE);
  };
  // Some sites inline small scripts into the page, where `</script>` in a heading would end the element.
  const read = (): string => JSON.stringify(settings()).replaceAll("<", "\\u003c");
  let json = read();
  let asset = make(json);
  return () => {
    const now = read();
    if (now !== json) [json, asset] = [now, make(now)];
    return asset;
  };
}

function readAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(join(folder, "assets"))) {
    const extension = name.split(".").at(-1) ?? "";
    if (!TYPES[extension]) continue;
    // Only a name with a hash can be kept for ever; `panel.js` always leads to the current one.
    const cacheControl = /-[\w-]{8,}\.\w+$/.test(name) ? FOREVER : "no-cache";
    const bodies = readCompressed(join(folder, "assets", name));
    assets.set(name, toAsset(bodies, extension, cacheControl));
  }
  return assets;
}

/** What the build has compressed already. */
const readCompressed = (file: string): Bodies => ({
  identity: readFileSync(file),
  gzip: readFileSync(`${file}.gz`),
  br: readFileSync(`${file}.br`),
});

/** For the one file that has this proxy's settings in it. */
const compress = (body: Buffer): Bodies => ({
  identity: body,
  gzip: gzipSync(body, { level: constants.Z_BEST_COMPRESSION }),
  br: brotliCompressSync(body),
});

function toAsset(bodies: Bodies, extension: string, cacheControl: string): Asset {
  const etag = `"${createHash("sha256").update(bodies.identity).digest("base64url").slice(0, 27)}"`;
  return { bodies, type: TYPES[extension] ?? "", etag, cacheControl };
}

/** The widget's built files: beside the sources in a checkout, beside the compiled proxy in the package. */
export function findWidget(): string {
  const [checkout = "", installed = ""] = ["../../dist/widget", "../../widget"].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  return existsSync(join(installed, "widget.js")) ? installed : checkout;
}
