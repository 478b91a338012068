import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { formatNumber } from "./format.ts";
import type { Row } from "./table.ts";

/** In bytes. */
export type Size = { name: string; raw: number; gzip: number; brotli: number };

export const SIZES_HEADER: Row = ["", "raw kB", "gzip -9 kB", "brotli 11 kB"];

/** The widget's files among what a page requested, as the proxy serves them. */
export async function measureSizes(requests: readonly string[]): Promise<Size[]> {
  const files = new Set(requests.filter((url) => /\/(widget\.js|assets\/[^/]+)$/.test(url)));
  return Promise.all(
    [...files].map(async (url) => {
      const body = await fetch(url).then((response) => response.arrayBuffer());
      return toSize(url.slice(url.lastIndexOf("/") + 1), new Uint8Array(body));
    }),
  );
}

export function toSize(name: string, body: Uint8Array): Size {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return {
    name,
    raw: body.length,
    gzip: gzipSync(body, { level: 9 }).length,
    brotli: brotliCompressSync(body, { params }).length,
  };
}

/** One row for each file, and one for their total. */
export function toSizeRows(sizes: readonly Size[]): Row[] {
  const add = (field: "raw" | "gzip" | "brotli"): number =>
    sizes.reduce((total, size) => total + size[field], 0);
  const total = { raw: add("raw"), gzip: add("gzip"), brotli: add("brotli") };
  return [...sizes.map(toRow), toRow({ name: "all for an open chat", ...total })];
}

function toRow({ name, raw, gzip, brotli }: Size): Row {
  const toKilobytes = (bytes: number): string => formatNumber(bytes / 1000);
  return [name, toKilobytes(raw), toKilobytes(gzip), toKilobytes(brotli)];
}
