/** What the Dockerfile says, and its run stage for real: installed, read-only, by a user without rights. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { argumentsOf, copiesOf, parseDockerfile, valueOf } from "../../support/dockerfile.ts";
import { findPort, makeFolder } from "../../support/programs.ts";
import { API_KEY, call, closeLater, eventually, SESSION_SECRET } from "../../support/proxy.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const NOBODY = 65534;

const stages = parseDockerfile(readFileSync(`${ROOT}Dockerfile`, "utf8"));
const ignored = readFileSync(`${ROOT}.dockerignore`, "utf8").split("\n");
const [image] = stages.slice(-1);
if (!image) throw new Error("the Dockerfile has no stage");

describe("the Dockerfile", () => {
  const fromContext = stages
    .flatMap(copiesOf)
    .flatMap(({ stage, sources }) => (stage === null ? sources : []));

  it("copies what is there, and has nothing else in its context", () => {
    const allowed = ignored.flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
    expect(ignored.find((line) => !line.startsWith("#"))).toBe("*");
    expect(allowed.toSorted()).toEqual([...new Set(fromContext)].toSorted());
    expect(fromContext.filter((path) => !existsSync(ROOT + path))).toEqual([]);
    // After the folders that are let in, so that it holds in them too.
    expect(ignored.indexOf("**/.env*")).toBeGreaterThan(ignored.indexOf("!proxy"));
  });

  it("puts no setting of the owner's into the image", () => {
    const set = stages.flatMap(({ instructions }) =>
      instructions.filter(({ name }) => name === "ENV" || name === "ARG"),
    );
    expect(set).toEqual([{ name: "ENV", value: "NODE_ENV=production" }]);
  });

  it("runs Node itself, as a user without rights", () => {
    expect(argumentsOf(image, "ENTRYPOINT")[0]).toBe("node");
    expect(argumentsOf(image, "CMD")).toEqual(["serve"]);
    expect(valueOf(image, "USER")).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(valueOf(image, "STOPSIGNAL")).toBe("SIGTERM");
  });
});

describe("the image's files", () => {
  let folder: string;

  /** Follows the COPY and RUN lines of the last two stages; the build stage's is what `npm run build` has made. */
  beforeAll(() => {
    folder = join(makeFolder(), "app");
    mkdirSync(folder);
    const dependencies = stages.find(({ name }) => name === "dependencies");
    if (!dependencies) throw new Error("the Dockerfile has no stage `dependencies`");
    for (const source of copiesOf(dependencies).flatMap(({ sources }) => sources)) {
      copyFileSync(ROOT + source, join(folder, source));
    }
    execFileSync("sh", ["-c", valueOf(dependencies, "RUN")], {
      cwd: folder,
      stdio: "ignore",
      env: { ...process.env, npm_config_prefer_offline: "true" },
    });
    if (!existsSync(`${ROOT}dist/proxy/cli.js`)) {
      execFileSync("npm", ["run", "build"], { cwd: ROOT, stdio: "ignore" });
    }
    // The rest comes from the stage above, in place already.
    for (const { stage, sources, target } of copiesOf(image)) {
      if (stage !== "build") continue;
      for (const source of sources) {
        cpSync(source.replace("/app/", ROOT), join(folder, target), { recursive: true });
      }
    }
    // Somebody else has to reach it, wherever this checkout is.
    copyFileSync(process.execPath, join(folder, "../node"));
    execFileSync("chmod", ["-R", "a-w,a+rX", folder]);
    closeLater(() => execFileSync("chmod", ["-R", "u+w", folder]));
    chmodSync(dirname(folder), 0o755);
  }, 120_000);

  it("are without the compiler and the tools of development", () => {
    const installed = readdirSync(join(folder, "node_modules"));
    expect(installed).toContain("express");
    for (const name of ["typescript", "vite", "node"]) expect(installed).not.toContain(name);
  });

  it("serve, are healthy, and end with 0 on the signal that the image names", async () => {
    const port = await findPort();
    const check = (): number => {
      const [, ...args] = argumentsOf(image, "HEALTHCHECK");
      const options = { env: { PORT: String(port) }, stdio: "ignore" } as const;
      try {
        execFileSync(process.execPath, args, options);
        return 0;
      } catch (error) {
        return (error as { status: number }).status;
      }
    };
    expect(check()).toBe(1);

    const [, ...args] = argumentsOf(image, "ENTRYPOINT");
    const child = spawn("../node", [...args, ...argumentsOf(image, "CMD")], {
      cwd: folder,
      env: {
        NODE_ENV: "production",
        PORT: String(port),
        LEX_API_KEY: API_KEY,
        SESSION_SECRET,
        LEX_URL: "http://127.0.0.1:9",
      },
      // Somebody who may write nowhere; without being root we are that already.
      ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    closeLater(() => child.kill("SIGKILL"));
    let output = "";
    child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
    await eventually("the proxy to listen", () => output.includes("listens on") || undefined);

    expect(check()).toBe(0);
    const widget = await call(`http://127.0.0.1:${port}/widget.js`);
    expect(widget.status).toBe(200);
    // One hash is in the names of all files.
    const [build] = /-[\da-f]{8}(?=[`"'])/.exec(widget.text) ?? [];
    expect((await call(`http://127.0.0.1:${port}/assets/panel${build}.js`)).status).toBe(200);
    child.kill(valueOf(image, "STOPSIGNAL") as NodeJS.Signals);
    expect(await exited).toEqual([0, null]);
  });
});
