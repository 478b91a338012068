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
type Asset = {
  bodies: Readonly<Record<Encoding, Buffer>>;
  type: string;
  etag: string;
  cacheControl: string;
};

/** `folder` is what the widget's build made. Without it the routes answer 404 and say how to build. */
export function assetRoutes(options: { folder: string; settings: WidgetSettings }): Router {
  const { folder, settings } = options;
  const isBuilt = existsSync(join(folder, "widget.js"));
  const assets = isBuilt ? readAssets(folder, settings) : new Map<string, Asset>();
  const router = Router();

  function serve(path: string, request: Request, response: Response): void {
    const asset = assets.get(path);
    if (!asset) {
      const detail =
        assets.size === 0
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

  router.get("/widget.js", (request, response) => serve("widget.js", request, response));
  router.get("/assets/:name", (request, response) =>
    serve(`assets/${request.params.name}`, request, response),
  );
  return router;
}

function readAssets(folder: string, settings: WidgetSettings): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  const loader = readFileSync(join(folder, "widget.js"), "utf8");
  // Some sites inline small scripts into the page, where `</script>` in a heading would end the element.
  const json = JSON.stringify(settings).replaceAll("<", "\\u003c");
  // A function as replacement: in a string, `$&` in a heading would be a pattern.
  const source = loader.replace(SETTINGS_PLACEHOLDER, () => json);
  assets.set("widget.js", toAsset(Buffer.from(source), "js", ONE_MINUTE));
  for (const name of readdirSync(join(folder, "assets"))) {
    const extension = name.split(".").at(-1) ?? "";
    if (!TYPES[extension]) continue;
    // Only a name with a hash can be kept for ever; `panel.js` always leads to the current one.
    const cacheControl = /-[\w-]{8,}\.\w+$/.test(name) ? FOREVER : "no-cache";
    assets.set(
      `assets/${name}`,
      toAsset(readFileSync(join(folder, "assets", name)), extension, cacheControl),
    );
  }
  return assets;
}

function toAsset(body: Buffer, extension: string, cacheControl: string): Asset {
  const br = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
  return {
    bodies: { identity: body, gzip: gzipSync(body, { level: 9 }), br },
    type: TYPES[extension] ?? "",
    etag,
    cacheControl,
  };
}

/** The widget's built files: beside the sources in a checkout, beside the compiled proxy in the package. */
export function findWidget(): string {
  const [checkout = "", installed = ""] = ["../../dist/widget", "../../widget"].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  return existsSync(join(installed, "widget.js")) ? installed : checkout;
}
