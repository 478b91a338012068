/** `proxy/deploy/compose.yaml` against what it starts; its grammar is Docker's to check. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LIMITS, SETTINGS } from "../../../proxy/settings.ts";

const DEPLOY = new URL("../../../proxy/deploy/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, DEPLOY), "utf8");
const compose = read("compose.yaml");
const [, proxy = "", nginx = ""] =
  /\nx-proxy:([\s\S]*?)\nservices:[\s\S]*?\n {2}nginx:([\s\S]*?)\n {2}redis:/.exec(compose) ?? [];

const settingsIn = (text: string): string[] =>
  [...text.matchAll(/^ *([A-Z][A-Z_]+)[:=]/gm)].map(([, name = ""]) => name);
const secondsIn = (text: string, name: string): number =>
  Number(new RegExp(`${name}:? (\\d+)s`).exec(text)?.[1]);

it("gives a proxy more time to end than the proxy gives its answers", () => {
  const seconds = SETTINGS.drainSeconds.parse(undefined);
  expect(secondsIn(proxy, "stop_grace_period")).toBeGreaterThan(seconds);
});

it("gives nginx more time to end than nginx gives its streams", () => {
  const seconds = secondsIn(read("nginx.conf"), "worker_shutdown_timeout");
  expect(secondsIn(nginx, "stop_grace_period")).toBeGreaterThan(seconds);
});

it("sets what the proxy knows as settings, and leaves secrets to .env", () => {
  const toVariable = (name: string): string =>
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  const known = new Set(Object.keys({ ...SETTINGS, ...LIMITS }).map(toVariable));
  const named = [...settingsIn(proxy), ...settingsIn(read(".env.example"))];
  expect(named).toEqual(expect.arrayContaining(["REDIS_URL", "TRUST_PROXY", "SESSION_SECRET"]));
  expect(named.filter((name) => !known.has(name))).toEqual([]);
  expect(settingsIn(proxy).filter((name) => /KEY|SECRET|TOKEN/.test(name))).toEqual([]);
  expect(read(".env.example")).toMatch(/^SESSION_SECRET=$/m);
});

it("mounts files that are there, but for those that the owner brings", () => {
  const mounted = [...compose.matchAll(/- (\.\/[\w.]+):/g)].map(([, path = ""]) => path);
  expect(mounted).toEqual(["./nginx.conf", "./certificates"]);
  expect(existsSync(new URL("nginx.conf", DEPLOY))).toBe(true);
  expect(read(".gitignore").split("\n")).toEqual(expect.arrayContaining([".env", "certificates/"]));
});
