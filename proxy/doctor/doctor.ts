/** `lex-chat doctor`: everything that can be known to be wrong before a visitor meets it. */
import type { Config } from "../config.ts";
import { explainFailure } from "./failure.ts";
import { findingsAbout, toLine, type Finding } from "./finding.ts";
import { checkPlatform } from "./platform.ts";
import { checkAlive, checkCors, checkScript } from "./public-url.ts";
import { checkRedis } from "./redis.ts";
import { checkSettings } from "./settings.ts";
import { checkStreaming } from "./streaming.ts";
import { checkTls } from "./tls.ts";
import { checkWidget } from "./widget.ts";

/**
 * Each finding as soon as it is there. `publicUrl` is where visitors reach the running proxy; without
 * it `PUBLIC_URL` is asked, and without that only this machine is looked at.
 */
export async function* examine(
  publicUrl: string | null = null,
  environment: NodeJS.ProcessEnv = process.env,
): AsyncGenerator<Finding> {
  const { config, findings } = checkSettings(environment, publicUrl);
  yield* findings;
  yield* checkWidget();
  if (config === null) {
    yield skipped("platform");
    if (environment["REDIS_URL"]?.trim()) yield skipped("Redis");
  } else {
    yield* await checkPlatform(config);
    if (config.redisUrl !== null) yield* await checkRedis(config.redisUrl);
  }

  const address = publicUrl ?? config?.publicUrl ?? null;
  if (address === null) return;
  const tls = await checkTls(address);
  yield* tls;
  // A certificate that is refused here is refused everywhere: no further request would get through.
  if (tls.some(({ level }) => level === "problem")) return;
  yield* examinePublic(address, config);
}

/** Whoever reads no word of it would take it for right. */
const skipped = (about: string): Finding =>
  findingsAbout(about).warning(
    "not checked: a setting is wrong, see above",
    "mend the settings, and run it again",
  );

async function* examinePublic(address: string, config: Config | null): AsyncGenerator<Finding> {
  try {
    const alive = await checkAlive(address);
    yield alive;
    // Something else answers there: what it says of the rest means nothing.
    if (alive.level === "problem") return;
    yield await checkScript(address);
    if (config === null) yield skipped("pages");
    else yield* await checkCors(address, config);
    yield await checkStreaming(address);
  } catch (error) {
    const { says, fix } = explainFailure(error, address);
    yield findingsAbout("network").problem(says, fix);
  }
}

/** Prints what `examine` finds, each as soon as it is there. Resolves with the exit code: 1 with problems. */
export async function runDoctor(
  options: { publicUrl: string | null; json: boolean },
  print: (text: string) => void,
): Promise<0 | 1> {
  const findings: Finding[] = [];
  for await (const finding of examine(options.publicUrl)) {
    findings.push(finding);
    if (!options.json) print(toLine(finding));
  }
  if (options.json) print(JSON.stringify(findings, null, 2));
  return findings.some(({ level }) => level === "problem") ? 1 : 0;
}
