/** The agent platform: can it be reached, and does it take the keys. */
import type { Config } from "../config.ts";
import { explainFailure } from "./failure.ts";
import { findingsAbout, type Finding } from "./finding.ts";
import { checkLex } from "./lex.ts";
import { checkLexey } from "./lexey.ts";

const TIMEOUT_MS = 10_000;
/** Tokens are dated: beyond this clocks disagree about which have expired. */
const MAX_CLOCK_SECONDS = 30;

const { warning, problem } = findingsAbout("platform");

/** One request without a key, and if that works each key with a GET. */
export async function checkPlatform(config: Config): Promise<Finding[]> {
  const { platform, platformUrl: address } = config;
  try {
    const answer = await fetch(address, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    const check = platform === "lex" ? checkLex : checkLexey;
    return [...checkClock(answer.headers.get("date")), ...(await check(config))];
  } catch (error) {
    const { says, fix } = explainFailure(error, address);
    return [problem(`${platform === "lex" ? "LEX_URL" : "LEXEY_URL"}: ${says}`, fix)];
  }
}

function checkClock(date: string | null): Finding[] {
  const seconds = Math.round((Date.now() - Date.parse(date ?? "")) / 1000);
  if (Number.isNaN(seconds) || Math.abs(seconds) <= MAX_CLOCK_SECONDS) return [];
  const direction = seconds > 0 ? "ahead of" : "behind";
  return [
    warning(
      `this machine's clock is ${Math.abs(seconds)} s ${direction} the platform's: tokens expire at the wrong time`,
      "let it follow a time server (systemd-timesyncd, chrony)",
    ),
  ];
}
