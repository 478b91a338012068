/** Runs first in `npm test`: makes sure that the tests have the programs that they need, or says loudly what is missing. */
import { spawnSync } from "node:child_process";
import { findChromium } from "./chromium.ts";
import { findFirefox, findWebKit } from "./find-browser.ts";
import { findProgram } from "./find-program.ts";
import { planSetUp, type Machine, type Program } from "./set-up-plan.ts";

const PROGRAMS: Array<Program & { find: () => string | null }> = [
  {
    name: "Chromium",
    tests: "the browser tests",
    // It draws no text at all where there is no font.
    packages: ["chromium", "fonts-dejavu-core"],
    advice:
      "Get one with `apt-get install chromium` or `npx playwright-core install --with-deps chromium`, or set CHROMIUM to its path.",
    find: findChromium,
  },
  {
    name: "Firefox",
    tests: "the tests in Firefox",
    packages: ["firefox-esr"],
    advice: "Get it with `apt-get install firefox-esr`, or put any `firefox` into PATH.",
    find: findFirefox,
  },
  {
    name: "WebKitWebDriver",
    tests: "the tests in WebKit",
    packages: ["webkit2gtk-driver", "xvfb"],
    advice: "Get it with `apt-get install webkit2gtk-driver xvfb`.",
    find: findWebKit,
  },
  byItsName("redis-server", "the tests of several proxies"),
  byItsName("nginx", "the tests behind nginx"),
  byItsName("caddy", "the tests behind Caddy"),
  byItsName("openssl", "the tests behind nginx and Caddy"),
];

function byItsName(name: string, tests: string): (typeof PROGRAMS)[number] {
  const advice = `Get it with \`apt-get install ${name}\`.`;
  return { name, tests, packages: [name], advice, find: () => findProgram(name) };
}

const findMissing = (): Program[] => PROGRAMS.filter(({ find }) => find() === null);

const machine: Machine = {
  missing: findMissing(),
  hasAptGet: succeeds(["apt-get", "--version"]),
  isRoot: process.getuid?.() === 0,
  hasSudo: succeeds(["sudo", "-n", "true"]),
  isCi: process.env.CI === "true",
};

let plan = planSetUp(machine);
if (plan.step === "install") {
  install(plan.prefix, machine.missing);
  plan = planSetUp({ ...machine, missing: findMissing(), hasAptGet: false });
}
if (plan.step === "skip" || plan.step === "fail") {
  for (const message of plan.messages) console.error(`\n!!! ${message}\n`);
  if (plan.step === "fail") process.exitCode = 1;
}

function install(prefix: string[], programs: readonly Program[]): void {
  // Offline: what is installed is there for the tests to start; the system's own daemon would take its port.
  const environment = ["DEBIAN_FRONTEND=noninteractive", "SYSTEMD_OFFLINE=1"];
  const aptGet = [...prefix, "env", ...environment, "apt-get", "-qq"];
  run([...aptGet, "update"]);
  // One by one: a package that this system does not have keeps none of the others away.
  for (const { name, tests, packages } of programs) {
    console.log(`No ${name} found: installing Debian's, for ${tests}.`);
    run([...aptGet, "install", "-y", "--no-install-recommends", ...packages]);
  }
}

function run([command = "", ...rest]: string[]): void {
  spawnSync(command, rest, { stdio: "inherit" });
}

function succeeds([command = "", ...rest]: string[]): boolean {
  return spawnSync(command, rest, { stdio: "ignore" }).status === 0;
}
