import { describe, expect, it } from "vitest";

import { type Machine, planSetUp } from "../../support/set-up-plan.ts";

const bare: Machine = {
  chromium: null,
  hasAptGet: false,
  isRoot: false,
  hasSudo: false,
  isCi: false,
};

describe("planSetUp", () => {
  it.each<[string, Partial<Machine>, string]>([
    ["does nothing where a Chromium is", { chromium: "/usr/bin/chromium" }, "ready"],
    ["does nothing for root either", { chromium: "/c", hasAptGet: true, isRoot: true }, "ready"],
    ["installs as root", { hasAptGet: true, isRoot: true }, "install"],
    ["installs through sudo without a password", { hasAptGet: true, hasSudo: true }, "install"],
    ["installs under CI too", { hasAptGet: true, isRoot: true, isCi: true }, "install"],
    ["skips where it may not install", { hasAptGet: true }, "skip"],
    ["skips where there is no apt-get", { isRoot: true, hasSudo: true }, "skip"],
    ["fails under CI instead of skipping", { isCi: true }, "fail"],
  ])("%s", (_name, differences, step) => {
    expect(planSetUp({ ...bare, ...differences }).step).toBe(step);
  });

  it("puts sudo before apt-get only for somebody who is not root", () => {
    const asRoot = planSetUp({ ...bare, hasAptGet: true, isRoot: true, hasSudo: true });
    const asUser = planSetUp({ ...bare, hasAptGet: true, hasSudo: true });
    expect(asRoot).toEqual({ step: "install", prefix: [] });
    expect(asUser).toEqual({ step: "install", prefix: ["sudo", "-n"] });
  });

  it.each([false, true])("says in one line how to get a Chromium (CI: %s)", (isCi) => {
    const plan = planSetUp({ ...bare, isCi });
    expect(plan).toHaveProperty("message", expect.stringMatching(/^NO CHROMIUM.*CHROMIUM to/));
  });
});
