/** The doctor in front of a real nginx: as `proxy/deploy/` ships it, and with the two faults that are met most. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../../proxy/doctor/finding.ts";
import { COMPILE_CACHE } from "../../support/compile-cache.ts";
import { findProgram, makeFolder } from "../../support/programs.ts";
import { startPlatform, startProxy, type TestProxy } from "../../support/proxy.ts";
import { startNginx } from "../../support/reverse-proxies.ts";
import { about, SETTINGS } from "./doctor.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What its certificate is signed with, as a file: its own. */
async function trust(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  const file = join(makeFolder(), "authority.pem");
  writeFileSync(file, certificate?.toString() ?? "");
  return file;
}

async function diagnose(url: string, environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const env = {
    ...COMPILE_CACHE,
    ...SETTINGS,
    ...environment,
    NODE_EXTRA_CA_CERTS: await trust(url),
  };
  const { promise, resolve } = Promise.withResolvers<string>();
  const args = ["proxy/cli.ts", "doctor", "--json", url];
  execFile(process.execPath, args, { cwd: root, env }, (_error, out) => resolve(out));
  return JSON.parse(await promise) as Finding[];
}

describe.skipIf(findProgram("nginx") === null)("nginx", () => {
  let proxy: TestProxy;
  let settings: NodeJS.ProcessEnv;
  beforeAll(async () => {
    const { url } = await startPlatform();
    settings = { LEX_URL: url, TRUST_PROXY: "1" };
    proxy = await startProxy(url, { TRUST_PROXY: "1" });
  });

  const start = (values: Record<string, string> = {}) =>
    startNginx({ ports: [proxy.port, proxy.port], values });

  it("as it is shipped is well", async () => {
    const { url } = await start();
    const findings = await diagnose(url, settings);
    expect(findings.filter(({ level }) => level === "problem")).toEqual([]);
    expect(about(findings, "streaming")).toMatchObject([{ level: "ok" }]);
    expect(about(findings, "HTTP/2")).toMatchObject([{ level: "ok" }]);
  });

  it.each([
    {
      fault: "buffers",
      shipped: "proxy_buffering off;",
      instead: "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;",
      says: /held back/,
      fix: /^nginx: proxy_buffering off/,
    },
    {
      fault: "compresses",
      shipped: "gzip off;",
      instead: "gzip on; gzip_types text/event-stream; gzip_proxied any;",
      says: /compressed on the way \(gzip\)/,
      fix: /^nginx: take text\/event-stream out of gzip_types/,
    },
  ])("that $fault is found, with what to change", async ({ shipped, instead, says, fix }) => {
    const { url } = await start({ [shipped]: instead });
    expect(about(await diagnose(url, settings), "streaming")).toMatchObject([
      {
        level: "problem",
        says: expect.stringMatching(says),
        fix: expect.stringMatching(fix),
      },
    ]);
  });
});
