import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync, brotliDecompressSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const WIDGET = `${ROOT}dist/widget/`;
/** kB are 1,000 bytes, gzip is `-9`. */
const BUDGET = { loader: 3, all: 25 };

const read = (path: string): Buffer => readFileSync(path);
const kilobytes = (path: string): number => gzipSync(read(path), { level: 9 }).length / 1000;
const readme = readFileSync(`${ROOT}README.md`, "utf8");

/** `npm test` has built before; run alone, this file builds what it looks at. */
beforeAll(() => {
  if (existsSync(`${ROOT}dist/npm/mount.js`) && existsSync(`${ROOT}dist/proxy/cli.js`)) return;
  execFileSync("npm", ["run", "build"], { cwd: ROOT, stdio: "ignore" });
}, 60_000);

const scripts = (): string[] =>
  readdirSync(`${WIDGET}assets`).filter((name) => name.endsWith(".js"));
/** The loader for tags with a hash, in the place of `widget.js`. */
const pinned = (): string => scripts().find((name) => name.startsWith("widget-")) ?? "";
/** What an open chat loads: the loader and every hashed script. `panel.js` is for upgrades alone. */
const openChat = (): string[] => [
  `${WIDGET}widget.js`,
  ...scripts()
    .filter((name) => name !== "panel.js" && name !== pinned())
    .map((name) => `${WIDGET}assets/${name}`),
];

describe("the built widget", () => {
  it(`has a loader of at most ${BUDGET.loader} kB gzip`, () => {
    expect(kilobytes(`${WIDGET}widget.js`)).toBeLessThanOrEqual(BUDGET.loader);
  });

  it(`has an open chat of at most ${BUDGET.all} kB gzip, styles and English included`, () => {
    const all = openChat();
    expect(all.length).toBeGreaterThanOrEqual(2);
    expect(all.map(kilobytes).reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(BUDGET.all);
  });

  it("is as large as the README says", () => {
    const said = [...readme.matchAll(/([\d.]+) kB gzip/g)].map(([, number]) => Number(number));
    const all = openChat()
      .map(kilobytes)
      .reduce((sum, size) => sum + size, 0);
    expect(said).toHaveLength(2);
    expect(said[0]).toBeCloseTo(kilobytes(`${WIDGET}widget.js`), 0);
    expect(said[1]).toBeCloseTo(all, 0);
  });

  it("is one classic script that names its panel, with one place for the proxy's settings", () => {
    const loader = read(`${WIDGET}widget.js`).toString();
    expect(loader).not.toMatch(/^\s*(import|export)\b/m);
    expect(loader.split("__LEX_CHAT_SETTINGS__")).toHaveLength(2);
    const panel = scripts().find((name) => name.startsWith("panel-"));
    expect(loader).toContain(panel);
    expect(read(`${WIDGET}assets/panel.js`).toString()).toContain(panel);
  });

  it("has a loader with nothing to fill in, under a hash of its own bytes, that names the same panel", () => {
    const loader = read(`${WIDGET}assets/${pinned()}`).toString();
    const panel = scripts().find((name) => name.startsWith("panel-"));
    expect(pinned()).toMatch(/^widget-[\w-]{8}\.js$/);
    expect(loader).not.toMatch(/__\w+__|^\s*(import|export)\b/m);
    expect(loader).toContain(panel);
    expect(kilobytes(`${WIDGET}assets/${pinned()}`)).toBeLessThan(BUDGET.loader + 0.2);
  });

  it("has no HTML sink, no eval and no inline style in its bytes", () => {
    for (const file of [...openChat(), `${WIDGET}assets/${pinned()}`]) {
      const sinks = read(file)
        .toString()
        .match(/\beval\(|new Function|insertAdjacentHTML|document\.write\b|outerHTML\s*=/g);
      expect(sinks, file).toBeNull();
    }
  });

  it("lies beside its compressed forms", () => {
    for (const name of scripts()) {
      const file = `${WIDGET}assets/${name}`;
      expect(gunzipSync(read(`${file}.gz`)).equals(read(file))).toBe(true);
      expect(brotliDecompressSync(read(`${file}.br`)).equals(read(file))).toBe(true);
    }
  });
});

describe("the built owner's page", () => {
  const FOLDER = `${WIDGET}manage/`;
  const files = (): string[] => readdirSync(`${FOLDER}assets`);

  it("is two documents that name files which are there, and has nothing inline", () => {
    for (const name of ["index.html", "preview.html"]) {
      const html = read(FOLDER + name).toString();
      const named = [...html.matchAll(/assets\/([\w.-]+)/g)].map(([, file]) => file);
      expect(named.length).toBeGreaterThan(0);
      expect(files()).toEqual(expect.arrayContaining(named));
      expect(html).not.toMatch(/<script[^>]*>[^<]|<style|\son\w+=|\sstyle=/);
    }
  });

  it("loads what is behind its form only when somebody has signed in", () => {
    const form = files().find((name) => /^main-.*\.js$/.test(name)) ?? "";
    const source = read(`${FOLDER}assets/${form}`).toString();
    expect(source).toMatch(/import\([`"']\.\/Dashboard-[\w-]+\.js/);
    expect(source).not.toMatch(/from ?[`"']\.\/Dashboard/);
  });

  it("lies beside its compressed forms, under names that can be kept for ever", () => {
    const plain = files().filter((name) => !/\.(gz|br)$/.test(name));
    expect(plain.length).toBeGreaterThan(2);
    for (const name of plain) {
      expect(name).toMatch(/-[\w-]{8,}\.(js|css)$/);
      const file = `${FOLDER}assets/${name}`;
      expect(gunzipSync(read(`${file}.gz`)).equals(read(file))).toBe(true);
      expect(brotliDecompressSync(read(`${file}.br`)).equals(read(file))).toBe(true);
    }
  });
});

describe("the built package", () => {
  const { exports, bin } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as {
    exports: Record<string, string | { types: string; default: string }>;
    bin: Record<string, string>;
  };

  it("has every file that package.json leads to", () => {
    const files = Object.values(exports).flatMap((entry) =>
      typeof entry === "string" ? [entry] : [entry.types, entry.default],
    );
    for (const file of [...files, ...Object.values(bin)]) {
      expect(statSync(`${ROOT}${file}`).size, file).toBeGreaterThan(0);
    }
  });

  it("runs its command line and its proxy from plain JavaScript, outside the sources", () => {
    const usage = execFileSync(process.execPath, [`${ROOT}${bin["lex-chat"]}`, "--help"], {
      encoding: "utf8",
    });
    expect(usage).toMatch(/^ +serve +runs the chat proxy$/m);
    const names = execFileSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        "console.log(Object.keys(await import('lex-chat/proxy')).join())",
      ],
      { encoding: "utf8", cwd: ROOT },
    );
    expect(names).toContain("createChatProxy");
  });
});
