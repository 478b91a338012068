import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync, brotliDecompressSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const WIDGET = `${ROOT}dist/widget/`;
/** kB are 1,000 bytes, gzip is `-9`. */
const BUDGET = { loader: 2.75, recall: 0.66, all: 24.94, onDemand: 8.11 };

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
const hashed = (): string[] => scripts().filter((name) => /-[\da-f]{8}\.js$/.test(name));
const isLocale = (name: string): boolean => /^[a-z]{2}-[\da-f]{8}\.js$/.test(name);

/** What an open chat loads: the loader, the panel with what it imports at once, and English. */
function openChat(): string[] {
  const names = new Set(hashed().filter((name) => /^(panel|en)-/.test(name)));
  for (const name of names) {
    const source = read(`${WIDGET}assets/${name}`).toString();
    for (const [, file] of source.matchAll(/(?:from|import) ?["'`]\.\/([\w.-]+)/g)) {
      names.add(file ?? "");
    }
  }
  return [`${WIDGET}widget.js`, ...[...names].map((name) => `${WIDGET}assets/${name}`)];
}

/**
 * What an open chat loads when it is asked for. `explain` is for a page's author, who has made a
 * mistake; `recall` is what the launcher loads of a visitor who has chatted, before there is a chat.
 */
const onDemand = (): string[] =>
  hashed()
    .filter((name) => !isLocale(name) && !/^(explain|recall)-/.test(name))
    .map((name) => `${WIDGET}assets/${name}`)
    .filter((file) => !openChat().includes(file));

const sum = (files: readonly string[]): number =>
  files.map(kilobytes).reduce((sum, size) => sum + size, 0);

describe("the built widget", () => {
  it(`has a loader of at most ${BUDGET.loader} kB gzip`, () => {
    expect(kilobytes(`${WIDGET}widget.js`)).toBeLessThanOrEqual(BUDGET.loader);
  });

  it(`has an open chat of at most ${BUDGET.all} kB gzip, styles and English included`, () => {
    expect(openChat().length).toBeGreaterThanOrEqual(3);
    expect(sum(openChat())).toBeLessThanOrEqual(BUDGET.all);
  });

  it(`has at most ${BUDGET.onDemand} kB gzip that are loaded on demand`, () => {
    expect(onDemand().length).toBeGreaterThanOrEqual(2);
    expect(sum(onDemand())).toBeLessThanOrEqual(BUDGET.onDemand);
  });

  it(`counts what is unread by at most ${BUDGET.recall} kB gzip`, () => {
    const recall = hashed().find((name) => name.startsWith("recall-"));
    expect(kilobytes(`${WIDGET}assets/${recall}`)).toBeLessThanOrEqual(BUDGET.recall);
  });

  it("is as large as the README says", () => {
    const said = [...readme.matchAll(/([\d.]+) kB gzip/g)].map(([, number]) => Number(number));
    expect(said).toHaveLength(2);
    expect(said[0]).toBeCloseTo(kilobytes(`${WIDGET}widget.js`), 0);
    expect(said[1]).toBeCloseTo(sum(openChat()), 0);
  });

  it("is one classic script that names its panel, with one place for the proxy's settings", () => {
    const loader = read(`${WIDGET}widget.js`).toString();
    expect(loader).not.toMatch(/^\s*(import|export)\b/m);
    expect(loader.split("__LEX_CHAT_SETTINGS__")).toHaveLength(2);
    const panel = hashed().find((name) => name.startsWith("panel-")) ?? "";
    expect(loader).toContain(panel.slice("panel".length, -".js".length));
    for (const name of hashed().filter((name) => isLocale(name) || name === panel)) {
      const stable = name.replace(/-[\da-f]{8}/, "");
      expect(read(`${WIDGET}assets/${stable}`).toString()).toBe(`export * from "./${name}";\n`);
    }
  });

  it("has a loader with nothing to fill in, under a hash of its own bytes, that names the same panel", () => {
    const loader = read(`${WIDGET}assets/${pinned()}`).toString();
    const panel = hashed().find((name) => name.startsWith("panel-")) ?? "";
    expect(pinned()).toMatch(/^widget-[\w-]{8}\.js$/);
    expect(loader).not.toMatch(/__\w+__|^\s*(import|export)\b/m);
    expect(loader).toContain(panel.slice("panel".length, -".js".length));
    expect(kilobytes(`${WIDGET}assets/${pinned()}`)).toBeLessThan(BUDGET.loader + 0.2);
  });

  it("has no HTML sink, no eval and no inline style in its bytes", () => {
    for (const file of [
      `${WIDGET}widget.js`,
      ...scripts().map((name) => `${WIDGET}assets/${name}`),
    ]) {
      const sinks = read(file)
        .toString()
        .match(
          /\beval\(|new Function|insertAdjacentHTML|document\.write\b|(inner|outer)HTML|cssText/g,
        );
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
