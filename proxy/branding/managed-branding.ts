/** The branding that the configuration agent has: asked for now and then, kept between. */
import type { Logger } from "pino";
import { describeError, PlatformError } from "../platforms/platform.ts";
import type { Branding } from "../protocol.ts";
import { backoffDelay, type Backoff } from "../relay/backoff.ts";
import { parseBranding } from "./parse-branding.ts";

/** The first words say what it is about to agents that read no further. */
export const BRANDING_QUESTION =
  "What is our current branding? Change nothing. Answer with a JSON object and nothing else, with the keys agentName, primaryColor, welcomeHeading and welcomeSubheading; use null for what is not set.";

export type BrandingTimes = {
  /** Between two questions, in milliseconds. Between proxies it differs by up to a fifth. */
  refreshMs: number;
  /** After a failure. */
  retry: Backoff;
};

const TIMES: BrandingTimes = {
  refreshMs: 5 * 60_000,
  retry: { baseMs: 60_000, maxMs: 30 * 60_000 },
};
const JITTER = 0.2;

export type ManagedBranding = {
  /** What was read last. Empty until then; what is absent comes from the settings. */
  current: () => Partial<Branding>;
  /** Asks again now, or once more after the question that is under way. Returns at once. */
  refresh: () => void;
  /** Resolves when no question is under way. */
  settled: () => Promise<void>;
  close: () => void;
};

export type ManagedBrandingOptions = {
  /** The agent's answer to a question. */
  ask: (question: string, signal: AbortSignal) => Promise<string>;
  logger: Logger;
  times?: Partial<BrandingTimes>;
};

/** Asks at once, and from then on. One question at a time; the last good answer stays while there is no other. */
export function createManagedBranding(options: ManagedBrandingOptions): ManagedBranding {
  const { ask, logger } = options;
  const { refreshMs, retry } = { ...TIMES, ...options.times };
  const ending = new AbortController();
  let branding: Partial<Branding> = {};
  let failures = 0;
  /** Null while nothing is asked. */
  let asking: Promise<void> | null = null;
  let isWanted = false;
  let timer: NodeJS.Timeout | undefined;

  async function read(): Promise<void> {
    const parsed = parseBranding(await ask(BRANDING_QUESTION, ending.signal));
    if (!parsed)
      throw new PlatformError("invalid", "the configuration agent's answer holds no branding");
    for (const problem of parsed.problems)
      logger.warn({ problem }, "a value of the managed branding is left out");
    if (JSON.stringify(parsed.branding) !== JSON.stringify(branding))
      logger.info({ fields: Object.keys(parsed.branding) }, "the managed branding has changed");
    branding = parsed.branding;
  }

  function run(): void {
    clearTimeout(timer);
    asking = attempt();
  }

  async function attempt(): Promise<void> {
    isWanted = false;
    try {
      await read();
      failures = 0;
    } catch (error) {
      if (ending.signal.aborted) return;
      failures += 1;
      logger.warn(
        { cause: describeError(error) },
        "the managed branding can't be read: it stays as it is",
      );
    }
    if (isWanted) return attempt();
    asking = null;
    timer = setTimeout(run, nextMs()).unref();
  }

  function nextMs(): number {
    if (failures > 0) return retry.baseMs + backoffDelay(failures, retry);
    return refreshMs * (1 + JITTER * (2 * Math.random() - 1));
  }

  run();
  return {
    current: () => branding,
    refresh() {
      if (ending.signal.aborted) return;
      isWanted = true;
      if (!asking) run();
    },
    settled: async () => asking ?? undefined,
    close() {
      ending.abort();
      clearTimeout(timer);
    },
  };
}
