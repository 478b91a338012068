/** Where the build has put the widget's files, and what identifies its loader. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Beside the sources in a checkout, beside the compiled proxy in the package. */
export function findWidget(): string {
  const [checkout = "", installed = ""] = ["../dist/widget", "../widget"].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  return existsSync(join(installed, "widget.js")) ? installed : checkout;
}

export type PinnedLoader = {
  /** Its place in the folder, for an address: `assets/widget-Ab12Cd34.js`. */
  path: string;
  /** For a tag: `sha384-…`. [Subresource Integrity, section 3.5] */
  integrity: string;
};

/** The loader that is the same for everybody; null when the widget is not built. */
export function findPinnedLoader(folder: string): PinnedLoader | null {
  const assets = join(folder, "assets");
  const names = existsSync(assets) ? readdirSync(assets) : [];
  const name = names.find((name) => /^widget-[\w-]+\.js$/.test(name));
  if (name === undefined) return null;
  const hash = createHash("sha384").update(readFileSync(join(assets, name)));
  return { path: `assets/${name}`, integrity: `sha384-${hash.digest("base64")}` };
}
