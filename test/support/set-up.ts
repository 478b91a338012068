/** Runs first in `npm test`: makes sure that the browser tests have a Chromium, or says loudly that they have none. */
import { spawnSync } from "node:child_process";

import { findChromium } from "./chromium.ts";
import { type Machine, planSetUp } from "./set-up-plan.ts";

const machine: Machine = {
  chromium: findChromium(),
  hasAptGet: succeeds(["apt-get", "--version"]),
  isRoot: process.getuid?.() === 0,
  hasSudo: succeeds(["sudo", "-n", "true"]),
  isCi: process.env.CI === "true",
};

let plan = planSetUp(machine);
if (plan.step === "install") {
  console.log("No Chromium found: installing Debian's.");
  install(plan.prefix);
  plan = planSetUp({ ...machine, chromium: findChromium(), hasAptGet: false });
}
if (plan.step === "skip" || plan.step === "fail") console.error(`\n!!! ${plan.message}\n`);
if (plan.step === "fail") process.exitCode = 1;

function install(prefix: string[]): void {
  const aptGet = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"];
  // Chromium draws no text at all where there is no font.
  const packages = ["chromium", "fonts-dejavu-core"];
  run([...aptGet, "update"]);
  run([...aptGet, "install", "-y", "--no-install-recommends", ...packages]);
}

function run([command = "", ...rest]: string[]): void {
  spawnSync(command, rest, { stdio: "inherit" });
}

function succeeds([command = "", ...rest]: string[]): boolean {
  return spawnSync(command, rest, { stdio: "ignore" }).status === 0;
}
