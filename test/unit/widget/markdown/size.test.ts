import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { build } from "vite";

it("weighs 3.8 kB at most, minified and compressed", async () => {
  const input = fileURLToPath(new URL("../../../../widget/markdown/index.ts", import.meta.url));
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      modulePreload: false,
      target: "es2022",
      rolldownOptions: { input, preserveEntrySignatures: "strict" },
    },
  });
  const outputs = [result].flat().flatMap((built) => ("output" in built ? built.output : []));
  const code = outputs.map((output) => (output.type === "chunk" ? output.code : "")).join("");
  expect(code).toContain("createMarkdown");
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(3800);
});
