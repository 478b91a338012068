import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The built widget's folder. `npm test` has built before; a single test file run by hand may not have. */
export function buildWidget(): string {
  if (!existsSync(`${ROOT}dist/widget/widget.js`))
    execFileSync(process.execPath, ["widget/build.ts"], { cwd: ROOT, stdio: "ignore" });
  return `${ROOT}dist/widget/`;
}
