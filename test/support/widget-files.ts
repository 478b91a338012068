/** The widget's files in a folder of their own, for tests of what the proxy writes into them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { WidgetSettings } from "../../proxy/protocol.ts";
import { makeFolder } from "./programs.ts";

/** What a build makes, with a loader that does nothing but keep its settings. */
export function makeWidget(): string {
  const folder = makeFolder();
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "widget.js"), "globalThis.given = __LEX_CHAT_SETTINGS__;\n");
  const scripts = {
    "panel-Ab12Cd34.js": "export const panel = 1;\n".repeat(50),
    "panel.js": 'export * from "./panel-Ab12Cd34.js";\n',
  };
  for (const [name, text] of Object.entries(scripts)) writeBuilt(folder, name, text);
  writeFileSync(join(folder, "assets", "notes.txt"), "not to be served");
  writeFileSync(join(folder, "secret.js"), "not to be served");
  const manage = join(folder, "manage");
  mkdirSync(join(manage, "assets"), { recursive: true });
  writeFileSync(join(manage, "index.html"), "<!doctype html><title>Owner</title>");
  writeFileSync(join(manage, "preview.html"), "<!doctype html><title>Preview</title>");
  writeBuilt(manage, "main-Ab12Cd34.js", "export const main = 1;\n");
  return folder;
}

function writeBuilt(folder: string, name: string, text: string): void {
  const file = join(folder, "assets", name);
  writeFileSync(file, text);
  writeFileSync(`${file}.gz`, gzipSync(text));
  writeFileSync(`${file}.br`, brotliCompressSync(text));
}

/** Runs the loader, as a page would, and gives what it was given. */
export function settingsIn(source: string): WidgetSettings {
  const scope: { given?: WidgetSettings } = {};
  // oxlint-disable-next-line no-new-func -- running the script is what proves that it is one
  new Function("globalThis", source)(scope);
  if (!scope.given) throw new Error("the loader got no settings");
  return scope.given;
}
