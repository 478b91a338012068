/** What the machine is like, as far as the browser tests care. */
export type Machine = {
  chromium: string | null;
  hasAptGet: boolean;
  isRoot: boolean;
  /** `sudo` works without a password. */
  hasSudo: boolean;
  /** `CI=true`: a skipped test would go unnoticed. */
  isCi: boolean;
};

export type SetUpPlan =
  | { step: "ready" }
  | { step: "install"; prefix: string[] }
  | { step: "skip" | "fail"; message: string };

const advice =
  "Get one with `apt-get install chromium` or `npx playwright-core install --with-deps chromium`, or set CHROMIUM to its path.";

/** Decides what to do before the tests run. `prefix` is what an `apt-get` command starts with. */
export function planSetUp({ chromium, hasAptGet, isRoot, hasSudo, isCi }: Machine): SetUpPlan {
  if (chromium !== null) return { step: "ready" };
  if (hasAptGet && isRoot) return { step: "install", prefix: [] };
  if (hasAptGet && hasSudo) return { step: "install", prefix: ["sudo", "-n"] };
  if (isCi) return { step: "fail", message: `NO CHROMIUM, and CI=true allows no skips. ${advice}` };
  return { step: "skip", message: `NO CHROMIUM: THE BROWSER TESTS WILL BE SKIPPED. ${advice}` };
}
