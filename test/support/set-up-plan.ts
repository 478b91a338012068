/** A program of the system that some tests need. */
export type Program = {
  name: string;
  /** Which ones. */
  tests: string;
  /** Debian's. */
  packages: readonly string[];
  /** How to get it, for whoever has to do it by hand. */
  advice: string;
};

/** What the machine is like, as far as the tests care. */
export type Machine = {
  missing: readonly Program[];
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
  | { step: "skip" | "fail"; messages: string[] };

/** Decides what to do before the tests run. `prefix` is what an `apt-get` command starts with. */
export function planSetUp({ missing, hasAptGet, isRoot, hasSudo, isCi }: Machine): SetUpPlan {
  if (missing.length === 0) return { step: "ready" };
  if (hasAptGet && isRoot) return { step: "install", prefix: [] };
  if (hasAptGet && hasSudo) return { step: "install", prefix: ["sudo", "-n"] };
  const messages = missing.map(({ name, tests, advice }) => {
    const consequence = isCi
      ? ", and CI=true allows no skips."
      : `: ${tests.toUpperCase()} WILL BE SKIPPED.`;
    return `NO ${name.toUpperCase()}${consequence} ${advice}`;
  });
  return { step: isCi ? "fail" : "skip", messages };
}
