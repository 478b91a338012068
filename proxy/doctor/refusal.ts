/** Why a platform does not take a key, for the owner. Pure. */
import type { PlatformError } from "../platforms/platform.ts";
import { findingsAbout, type Finding } from "./finding.ts";

const { problem } = findingsAbout("platform");

/** What was asked, by the names of the settings. */
export type Probe = { name: "Lex" | "Lexey"; address: string; url: string; key: string };

export function explainRefusal(
  { status, failure, message }: Pick<PlatformError, "status" | "failure" | "message">,
  { name, address, url, key }: Probe,
): Finding {
  if (status === 401)
    return problem(
      `the platform does not know ${key} (401)`,
      "copy the key again; it may have been replaced",
    );
  if (status === 402)
    return problem(
      "the platform answers nobody: no subscription, or no credits left (402)",
      "see its billing page",
    );
  if (status === 403)
    return problem(`${key} may not be used for this (403)`, "ask the platform what the key may do");
  if (status === 404 || failure === "invalid")
    return problem(
      `${address} is not ${name}'s API (${status ?? failure})`,
      `set ${url} to the address without /api`,
    );
  if (status !== undefined && status >= 300 && status < 400)
    return problem(
      `${address} redirects (${status}), and the key is sent nowhere else`,
      `set ${url} to the address it leads to`,
    );
  return problem(message, "try again; if it stays so, ask the platform");
}
