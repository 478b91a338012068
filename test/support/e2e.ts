/** `lex-chat e2e` with the local platform. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlatformOptions } from "../../demo/platform/index.ts";
import { runCli, type CliRun } from "./cli.ts";
import { API_KEY, closeLater, lexeyAt, startPlatform } from "./proxy.ts";

const MANAGEMENT_KEY = "lxm_scenarios_test_key";

/** The settings for a Lexey of its own. */
export async function connectLexey(options: PlatformOptions = {}): Promise<NodeJS.ProcessEnv> {
  const { url } = await startPlatform({ managementKeys: [MANAGEMENT_KEY], ...options });
  return { ...lexeyAt(url), LEXEY_MANAGEMENT_KEY: MANAGEMENT_KEY };
}

/** The settings for a Lex of its own. */
export async function connectLex(options: PlatformOptions = {}): Promise<NodeJS.ProcessEnv> {
  const { url } = await startPlatform(options);
  return { LEX_URL: url, LEX_API_KEY: API_KEY };
}

/** A folder that is gone after the test file. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lex-chat-"));
  closeLater(() => rmSync(folder, { recursive: true }));
  return folder;
}

export function writeScenarios(source: string): string {
  const file = join(makeFolder(), "scenarios.yaml");
  writeFileSync(file, source);
  return file;
}

export const runE2e = (
  source: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<CliRun> => runCli(["e2e", writeScenarios(source), ...args], { environment });
