/** What the package promises: its entries, its commands, its files, and that it installs anywhere. */
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import * as proxy from "../../../proxy/index.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (path: string): string => readFileSync(root + path, "utf8");

describe("lex-chat/proxy", () => {
  test("exports these values", () => {
    expect(Object.keys(proxy).sort()).toEqual([
      "ConfigError",
      "createChatProxy",
      "signIdentity",
      "startServer",
    ]);
  });

  test("exports these types, and those of the protocol", () => {
    const source = read("proxy/index.ts");
    const named = [...source.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(
      ([, isType, names = ""]) =>
        names
          .split(",")
          .map((name) => name.trim())
          .filter((name) => isType || name.startsWith("type "))
          .map((name) => name.replace(/^type /, "")),
    );

    expect(named.sort()).toEqual(["ChatProxy", "ChatProxyOptions", "Feedback", "ProxyServer"]);
    expect(source.match(/^export type \* from .*$/gm)).toEqual([
      'export type * from "./protocol.ts";',
    ]);
  });

  test("starts no server when it is imported", () => {
    expect(process.getActiveResourcesInfo()).not.toContain("TCPServerWrap");
  });
});

describe("package.json", () => {
  test("has these entries", () => {
    expect(packageJson.exports).toEqual({
      ".": { types: "./dist/types/widget/mount.d.ts", default: "./dist/npm/mount.js" },
      "./proxy": { types: "./dist/types/proxy/index.d.ts", default: "./dist/proxy/index.js" },
      "./package.json": "./package.json",
    });
    expect(packageJson.type).toBe("module");
  });

  test("has one command, and its source is a script for Node", () => {
    expect(packageJson.bin).toEqual({ "lex-chat": "dist/proxy/cli.js" });
    expect(read("proxy/cli.ts")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test("publishes what was built and no source maps", () => {
    expect(packageJson.files).toEqual(["dist", "!dist/**/*.map"]);
    expect(packageJson.scripts.prepack).toBe("npm run build");
  });

  test("pins the Node that its scripts run on, new enough for TypeScript as it is", () => {
    expect(packageJson.devDependencies.node).toMatch(/^24\.\d+\.\d+$/);
    expect(packageJson.engines.node).toBe(">=22.18");
    // Without this npm 11 would not run the install script that fetches it.
    expect(packageJson.allowScripts).toEqual({ node: true });
    expect(process.versions.node).toBe(packageJson.devDependencies.node);
  });
});

describe("package-lock.json", () => {
  const lock = read("package-lock.json");

  test("names no registry, so that it installs from any", () => {
    expect(lock.match(/"resolved": "https?:[^"]*"/g)).toBeNull();
  });

  test("is that of this package.json", () => {
    const { packages } = JSON.parse(lock) as { packages: Record<string, Record<string, unknown>> };

    expect(packages[""]).toMatchObject({
      version: packageJson.version,
      dependencies: packageJson.dependencies,
      devDependencies: packageJson.devDependencies,
    });
  });

  test("has a checksum for every package", () => {
    const { packages } = JSON.parse(lock) as { packages: Record<string, { integrity?: string }> };
    const unchecked = Object.entries(packages).filter(
      ([path, { integrity }]) => path && !integrity,
    );

    expect(unchecked.map(([path]) => path)).toEqual([]);
  });

  test("has every platform's binary, or `npm ci` refuses it everywhere", () => {
    const { packages } = JSON.parse(lock) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.values(packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !packages[`node_modules/${name}`]);

    expect(missing).toEqual([]);
  });
});
