/** Lexey: does it take the customer key, and the management key if there is one. */
import { randomUUID } from "node:crypto";
import type { Config } from "../config.ts";
import { createLexeyClient } from "../platforms/lexey-client.ts";
import { PlatformError } from "../platforms/platform.ts";
import { findingsAbout, type Finding } from "./finding.ts";
import { explainRefusal, type Probe } from "./refusal.ts";

const TIMEOUT_MS = 10_000;

const { ok } = findingsAbout("platform");

type Api = "customer" | "management";

/** Reads conversations that do not exist, so that nothing is left behind. */
export async function checkLexey(config: Config): Promise<Finding[]> {
  const { platformUrl: address, platformKey, lexeyManagementKey } = config;
  const probe = { name: "Lexey", address, url: "LEXEY_URL" } as const;
  const status = await askWithoutKey(address);
  if (status !== 401 && status !== 403) {
    // Whatever it answers to, it is not Lexey: what it says of a key would mean nothing.
    const failure = {
      status,
      failure: "invalid",
      message: "it takes requests without a key",
    } as const;
    return [explainRefusal(failure, { ...probe, key: "LEXEY_CUSTOMER_KEY" })];
  }
  const keys: Array<[Api, string, string | null]> = [
    ["customer", "LEXEY_CUSTOMER_KEY", platformKey],
    ["management", "LEXEY_MANAGEMENT_KEY", lexeyManagementKey],
  ];
  const findings: Finding[] = [];
  for (const [api, key, apiKey] of keys)
    if (apiKey !== null) findings.push(await checkKey(api, apiKey, { ...probe, key }));
  return findings;
}

/** Lexey asks for the key first; another server does not know the path. */
async function askWithoutKey(address: string): Promise<number> {
  const answer = await fetch(`${address}/api/v1/customer/conversations/${randomUUID()}/messages`, {
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await answer.body?.cancel();
  return answer.status;
}

async function checkKey(api: Api, apiKey: string, probe: Probe): Promise<Finding> {
  const options = { baseUrl: probe.address, apiKey, timeoutMs: TIMEOUT_MS };
  const accepted = ok(`${probe.address} answers and accepts ${probe.key}`);
  try {
    await createLexeyClient(api, options).history(randomUUID());
    return accepted;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return error.failure === "not-found" ? accepted : explainRefusal(error, probe);
  }
}
