import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import { launcher } from "../widget/locales/en.ts";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * Bundles `site/react/main.tsx` as a developer's own build would, and returns its scripts by name.
 * Preact's own stand-in takes React's place, which is no dependency of this project; the package is
 * taken from its sources, so that it need not be built.
 */
export async function buildReactExample(): Promise<Map<string, string>> {
  const bundle = await build({
    configFile: false,
    logLevel: "warn",
    base: "./",
    oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
    define: { UNREAD_WORDS: JSON.stringify({ en: launcher.unread }) },
    resolve: {
      alias: [
        { find: "lex-chat", replacement: path("../widget/mount.ts") },
        { find: "react-dom/client", replacement: "preact/compat/client" },
        { find: "react", replacement: "preact/compat" },
      ],
    },
    build: {
      // As the package's own: in older CSS the widget's colours would be lost.
      cssTarget: ["chrome123", "firefox121", "safari17.5"],
      write: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: path("site/react/main.tsx"),
        output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
  const { output } = bundle as Rolldown.RolldownOutput;
  return new Map(
    output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file.code]] : [])),
  );
}
