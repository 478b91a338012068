/** Builds the widget and the owner's page into `dist/`; with `--npm` also the package's entry and its declarations. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, minify, type InlineConfig } from "vite";
import { shortNames } from "./internal-names.ts";
import type { Launcher } from "./locales/en.ts";
import { slimPreact } from "./slim-preact.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = `${root}dist/widget`;
/** Stands for the hash in the names of the widget's files until all of them are written. */
const UNKNOWN = "__BUILD__";
/** The proxy writes its settings there. */
const SETTINGS = "__LEX_CHAT_SETTINGS__";

/** Takes the place of `built` when it is whole: a build that fails leaves the last one. */
const widget = `${built}.new`;
const assets = `${widget}/assets`;
const manage = `${widget}/manage`;

/** `light-dark()`, nesting and `dvh` stay as they are written. */
const cssTarget = ["chrome123", "firefox128", "safari18"];

function viteConfig(input: string, outDir: string, output: object, options = {}): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: "warn",
    // Whatever NODE_ENV says: the other way is larger, for tools that nobody has here.
    oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
    build: {
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      reportCompressedSize: false,
      modulePreload: false,
      target: "es2022",
      cssTarget,
      rolldownOptions: {
        input: `${root}widget/${input}`,
        // As constants they can be put where they are used.
        output: { topLevelVar: false, ...output },
        optimization: { inlineConst: true },
        treeshake: { propertyReadSideEffects: false },
        preserveEntrySignatures: "strict",
        ...options,
      },
    },
  };
}

/** Each language is a file of its own, named by its tag. */
const locales = (await readdir(`${root}widget/locales`)).filter((name) => name !== "format.ts");

const launchers = await Promise.all(
  locales.map(async (name) => {
    const { launcher } = (await import(`./locales/${name}`)) as { launcher: Launcher };
    return [name.replace(".ts", ""), launcher] as const;
  }),
);

/** One of the launcher's words in every language, as a constant for the build. */
const inEachLanguage = (word: keyof Launcher): string =>
  JSON.stringify(Object.fromEntries(launchers.map(([tag, launcher]) => [tag, launcher[word]])));

/** The panel, what it imports on demand, the languages and the launcher's count of unread messages. */
async function buildAssets(): Promise<void> {
  const define = { UNREAD_WORDS: inEachLanguage("unread") };
  const names = { entryFileNames: `[name]-${UNKNOWN}.js`, chunkFileNames: `[name]-${UNKNOWN}.js` };
  // What is imported on demand finds Preact and the models in the panel, not in a third file.
  const options = { preserveEntrySignatures: "allow-extension" };
  const panel = viteConfig("panel.tsx", assets, names, options);
  // As of a library: otherwise Vite wraps each import() in code that looks for style sheets.
  const lib = { entry: "widget/panel.tsx", formats: ["es" as const] };
  const alias = { "@preact/signals-core": `${root}widget/signal.ts` };
  const plugins = [slimPreact()];
  await build({ ...panel, plugins, resolve: { alias }, build: { ...panel.build, lib } });
  for (const name of ["recall.ts", ...locales.map((name) => `locales/${name}`)]) {
    await build({ ...viteConfig(name, assets, names), define });
  }
}

/** The same names in each chunk: Vite's own build does it only where there is one. `_` begins Preact's. */
async function shortenNames(name: string, text: string): Promise<string> {
  const include = new RegExp(`^(_[a-z]\\w*|${Object.keys(shortNames).join("|")})$`);
  const { code, errors } = await minify(name, text, {
    module: true,
    mangleProps: { include, cache: shortNames },
  });
  if (errors.length > 0) throw new Error(`${name} can't be made smaller: ${errors[0]?.message}`);
  return code;
}

/** One hash for all files, which name each other: whoever knows it knows all names. */
async function nameAssets(): Promise<string> {
  const files = new Map<string, string>();
  for (const name of (await readdir(assets)).toSorted()) {
    files.set(name, await shortenNames(name, await readFile(`${assets}/${name}`, "utf8")));
    await rm(`${assets}/${name}`);
  }
  const hash = createHash("sha256")
    .update(JSON.stringify([...files]))
    .digest("hex")
    .slice(0, 8);
  for (const [name, text] of files) {
    const named = name.replace(UNKNOWN, hash);
    await writeFile(`${assets}/${named}`, text.replaceAll(UNKNOWN, hash));
  }
  for (const name of ["panel", ...locales.map((name) => name.replace(".ts", ""))]) {
    await writeFile(`${assets}/${name}.js`, `export * from "./${name}-${hash}.js";\n`);
  }
  return hash;
}

/** After the panel: the hash in the names of its files is a constant in it. */
async function buildLoader(hash: string): Promise<void> {
  const define = {
    BUILD: JSON.stringify(`-${hash}`),
    LAUNCHER_NAMES: inEachLanguage("chat"),
  };
  const format = "iife";
  await build({
    ...viteConfig("loader.ts", widget, { format, entryFileNames: "widget.js" }),
    define: { ...define, HOME: '"."' },
  });
  const loader = await readFile(`${widget}/widget.js`, "utf8");
  const places = loader.split(SETTINGS).length - 1;
  if (places !== 1) throw new Error(`widget.js has ${places} places for the settings, not 1.`);

  // The same for tags with a hash: nothing is written into it, so the tag has to say it all.
  const inject = { [SETTINGS]: [`${root}widget/tag-settings.ts`, "settings"] };
  await build({
    ...viteConfig(
      "loader.ts",
      assets,
      { format, entryFileNames: "widget-[hash].js" },
      { transform: { inject } },
    ),
    define: { ...define, HOME: '".."' },
  });
}

/** The owner's page: bundles of its own, and two documents that name them. */
async function buildManage(): Promise<void> {
  const config = viteConfig("manage/main.tsx", `${manage}/assets`, {
    entryFileNames: "main-[hash].js",
    chunkFileNames: "[name]-[hash].js",
    assetFileNames: "[name]-[hash][extname]",
  });
  await build({ ...config, base: "./", build: { ...config.build, cssCodeSplit: false } });
  const names = await readdir(`${manage}/assets`);
  const find = (pattern: RegExp): string => {
    const name = names.find((name) => pattern.test(name));
    if (!name) throw new Error(`The owner's page has no ${pattern}.`);
    return name;
  };
  for (const page of ["index.html", "preview.html"]) {
    const html = await readFile(`${root}widget/manage/${page}`, "utf8");
    const named = html.replace("SCRIPT", find(/^main-.*\.js$/)).replace("STYLES", find(/\.css$/));
    await writeFile(`${manage}/${page}`, named);
  }
}

async function buildPackage(): Promise<void> {
  const names = { entryFileNames: "mount.js", chunkFileNames: "[name]-[hash].js" };
  const options = { external: /^(preact|@preact\/signals-core)(\/|$)/ };
  const config = viteConfig("mount.ts", `${root}dist/npm`, names, options);
  await build({ ...config, define: { UNREAD_WORDS: inEachLanguage("unread") } });
  execFileSync(process.execPath, [
    `${root}node_modules/typescript/bin/tsc`,
    "-p",
    `${root}widget/tsconfig.build.json`,
  ]);
}

/** The proxy serves these files as they are; `widget.js` gets settings first. */
async function compress(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const text = await readFile(`${folder}/${name}`);
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    await writeFile(`${folder}/${name}.gz`, gzipSync(text, { level: 9 }));
    await writeFile(`${folder}/${name}.br`, brotliCompressSync(text, { params }));
  }
}

async function printSizes(): Promise<void> {
  const scripts = (await readdir(assets)).filter((name) => name.endsWith(".js"));
  for (const file of [`${widget}/widget.js`, ...scripts.map((name) => `${assets}/${name}`)]) {
    const text = await readFile(file);
    const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(2)} kB`.padStart(10);
    const gzip = kilobytes(gzipSync(text, { level: 9 }).length);
    console.log(
      `${file.replace(`${widget}/`, "").padEnd(32)}${kilobytes(text.length)}${gzip} gzip`,
    );
  }
}

await rm(widget, { recursive: true, force: true });
await buildAssets();
await buildLoader(await nameAssets());
await buildManage();
for (const folder of [assets, `${manage}/assets`]) await compress(folder);
await printSizes();
await rm(built, { recursive: true, force: true });
await rename(widget, built);
if (process.argv.includes("--npm")) {
  await rm(`${root}dist/npm`, { recursive: true, force: true });
  await rm(`${root}dist/types/widget`, { recursive: true, force: true });
  await buildPackage();
}
