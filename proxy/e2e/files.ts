/** Reads and writes the files of a run, with errors that say what to do. */
import { accessSync, constants, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CommandError, UsageError } from "../cli/errors.ts";
import type { PlatformName } from "./entry.ts";
import { readScenarios } from "./scenario-file.ts";
import type { Scenario } from "./scenario.ts";

const MAX_BYTES = 1024 * 1024;

/** In the order of the files. Throws a `UsageError` that lists every mistake in all of them. */
export function loadScenarios(files: readonly string[], platform: PlatformName): Scenario[] {
  const readings = [...new Set(files)].map((file) => readScenarios(read(file), file, platform));
  const mistakes = readings.flatMap((reading) => reading.mistakes);
  if (mistakes.length > 0)
    throw new UsageError(
      [`nothing was run, for ${countMistakes(mistakes.length)}:`, ...mistakes].join("\n  "),
      "lex-chat e2e --help explains the format",
    );
  return readings.flatMap(({ scenarios }) => scenarios);
}

const countMistakes = (count: number): string =>
  count === 1 ? "there is a mistake" : `there are ${count} mistakes`;

function read(file: string): string {
  try {
    if (statSync(file).size > MAX_BYTES) throw new UsageError(`${file} is over ${MAX_BYTES} bytes`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    const fix = code === "EISDIR" ? `name the files in it: ${file}/*.yaml` : "check its name";
    throw new UsageError(`${file} can't be read (${code})`, fix);
  }
}

/** Before anything is asked: a result that can't be kept costs a whole run. Throws a `UsageError`. */
export function checkWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `--junit: ${file} can't be written (${(error as NodeJS.ErrnoException).code ?? "unknown"})`,
      "name a file in a folder that exists",
    );
  }
}

/** Throws a `CommandError`. */
export function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new CommandError(`${file} can't be written (${code})`, "name another file");
  }
}
