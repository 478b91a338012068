import OpenAI from "openai";
import type { LlmSettings } from "../settings.ts";

/** For a whole answer. */
export const TIMEOUT_MS = 90_000;

/** A client of any OpenAI-compatible endpoint. */
export function createLlmClient({ baseUrl, apiKey }: LlmSettings): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey,
    // Not from the environment: these are meant for somebody else's programs.
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 1,
    logLevel: "off",
  });
}
