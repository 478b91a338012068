import { describe, expect, it } from "vitest";

import { planSetUp, type Machine, type Program } from "../../support/set-up-plan.ts";

const chromium: Program = {
  name: "Chromium",
  tests: "the browser tests",
  packages: ["chromium"],
  advice: "Get one, or set CHROMIUM.",
};
const redis: Program = {
  name: "redis-server",
  tests: "the tests of several proxies",
  packages: ["redis-server"],
  advice: "Get it.",
};

const bare: Machine = {
  missing: [chromium],
  hasAptGet: false,
  isRoot: false,
  hasSudo: false,
  isCi: false,
};

describe("planSetUp", () => {
  it.each<[string, Partial<Machine>, string]>([
    ["does nothing where everything is", { missing: [] }, "ready"],
    ["does nothing for root either", { missing: [], hasAptGet: true, isRoot: true }, "ready"],
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

  it("says of each missing program in one line what is skipped and how to get it", () => {
    expect(planSetUp({ ...bare, missing: [chromium, redis] })).toEqual({
      step: "skip",
      messages: [
        "NO CHROMIUM: THE BROWSER TESTS WILL BE SKIPPED. Get one, or set CHROMIUM.",
        "NO REDIS-SERVER: THE TESTS OF SEVERAL PROXIES WILL BE SKIPPED. Get it.",
      ],
    });
  });

  it("says under CI why it fails", () => {
    expect(planSetUp({ ...bare, isCi: true })).toEqual({
      step: "fail",
      messages: ["NO CHROMIUM, and CI=true allows no skips. Get one, or set CHROMIUM."],
    });
  });
});
