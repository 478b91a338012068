/** Builds the widget and the owner's page into `dist/`; with `--npm` also the package's entry and its declarations. */
import { execFileSync } from "node:child_process";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, type InlineConfig } from "vite";
import { internalNames } from "./internal-names.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = `${root}dist/widget`;
/** Takes the place of `built` when it is whole: a build that fails leaves the last one. */
const widget = `${built}.new`;
const assets = `${widget}/assets`;
const manage = `${widget}/manage`;

/** `light-dark()`, nesting and `dvh` stay as they are written. */
const cssTarget = ["chrome123", "firefox121", "safari17.5"];

function viteConfig(input: string, outDir: string, output: object): InlineConfig {
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
      },
    },
  };
}

async function buildPanel(): Promise<string> {
  const internal = new RegExp(`^(${internalNames.join("|")})$`);
  await build(
    viteConfig("panel.tsx", assets, {
      entryFileNames: "panel-[hash].js",
      chunkFileNames: "[name]-[hash].js",
      minify: { compress: true, mangle: true, codegen: true, mangleProps: { include: internal } },
    }),
  );
  const panel = (await readdir(assets)).find((name) => name.startsWith("panel-"));
  if (!panel) throw new Error("The build has no panel.");
  await writeFile(`${assets}/panel.js`, `export * from "./${panel}";\n`);
  return panel;
}

/** After the panel, whose hashed name is a constant in it. */
async function buildLoader(panel: string): Promise<void> {
  await build({
    ...viteConfig("loader.ts", widget, { format: "iife", entryFileNames: "widget.js" }),
    define: { PANEL_FILE: JSON.stringify(panel) },
  });
  const loader = await readFile(`${widget}/widget.js`, "utf8");
  const places = loader.split("__LEX_CHAT_SETTINGS__").length - 1;
  if (places !== 1) throw new Error(`widget.js has ${places} places for the settings, not 1.`);
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
  const config = viteConfig("mount.ts", `${root}dist/npm`, {
    entryFileNames: "mount.js",
    chunkFileNames: "[name]-[hash].js",
  });
  const { rolldownOptions } = config.build ?? {};
  await build({
    ...config,
    build: {
      ...config.build,
      rolldownOptions: { ...rolldownOptions, external: /^(preact|@preact\/signals-core)(\/|$)/ },
    },
  });
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
await buildLoader(await buildPanel());
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
