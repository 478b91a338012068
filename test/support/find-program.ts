import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where the file is, or null. Daemons are in `sbin`, which is not in everybody's `PATH`. */
export function findProgram(name: string, path = process.env.PATH ?? ""): string | null {
  const folders = [...path.split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}
