/** `/widget.js` with the proxy's settings inlined, and `/assets/*`: the widget's built files, from memory. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { Router, type Request, type Response } from "express";
import { ProxyError } from "../errors.ts";
import type { WidgetSettings } from "../protocol.ts";
import {
  readBuiltFiles,
  sendBuiltFile,
  toBuiltFile,
  type Bodies,
  type BuiltFile,
} from "./built-file.ts";

const SETTINGS_PLACEHOLDER = "__LEX_CHAT_SETTINGS__";
const ONE_MINUTE = "public, max-age=60";
export type AssetOptions = {
  /** What the widget's build made. Without it the routes answer 404 and say how to build. */
  folder: string;
  /** Looked at for each `widget.js`: its branding may change. */
  settings: () => WidgetSettings;
};

export function assetRoutes({ folder, settings }: AssetOptions): Router {
  const isBuilt = existsSync(join(folder, "widget.js"));
  const assets = isBuilt ? readBuiltFiles(join(folder, "assets")) : new Map<string, BuiltFile>();
  const findLoader = isBuilt ? createLoader(folder, settings) : () => undefined;
  const router = Router();

  function serve(file: BuiltFile | undefined, request: Request, response: Response): void {
    if (!file) {
      const detail = !isBuilt
        ? "The widget is not built: run npm run build."
        : "There is no such file.";
      throw new ProxyError("route_not_found", { detail });
    }
    // Pages under COEP require-corp may load it.
    sendBuiltFile(file, request, response, "cross-origin");
  }

  router.get("/widget.js", (request, response) => serve(findLoader(), request, response));
  router.get("/assets/:name", (request, response) =>
    serve(assets.get(request.params.name), request, response),
  );
  return router;
}

/** `widget.js` with the settings of the moment; made anew only when they have changed. */
function createLoader(folder: string, settings: () => WidgetSettings): () => BuiltFile {
  const loader = readFileSync(join(folder, "widget.js"), "utf8");
  const make = (json: string): BuiltFile => {
    // A function as replacement: in a string, `$&` in a heading would be a pattern.
    const source = loader.replace(SETTINGS_PLACEHOLDER, () => json);
    return toBuiltFile(compress(Buffer.from(source)), "js", ONE_MINUTE);
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

/** For the one file that has this proxy's settings in it. */
const compress = (body: Buffer): Bodies => ({
  identity: body,
  gzip: gzipSync(body, { level: constants.Z_BEST_COMPRESSION }),
  br: brotliCompressSync(body),
});
