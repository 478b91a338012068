/** The widget's built files: without them pages load nothing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findWidget } from "../built-widget.ts";
import { findingsAbout, type Finding } from "./finding.ts";

export function checkWidget(folder: string = findWidget()): Finding[] {
  const { ok, problem } = findingsAbout("widget");
  const missing = ["widget.js", join("assets", "panel.js")].filter(
    (name) => !existsSync(join(folder, name)),
  );
  if (missing.length === 0) return [ok("its files are built")];
  return [problem(`${missing.join(" and ")} is not there`, "run npm run build")];
}
