/** `lex-chat doctor` as an owner runs it: a process, in front of a proxy behind TLS and HTTP/2. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as forward } from "node:http";
import { createSecureServer } from "node:http2";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../../proxy/doctor/finding.ts";
import { COMPILE_CACHE } from "../../support/compile-cache.ts";
import { closeLater, startPlatform, startProxy } from "../../support/proxy.ts";
import { SETTINGS } from "./doctor.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

type Run = { code: number; output: string };

function doctor(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>();
  const options = { cwd: root, env: { ...COMPILE_CACHE, ...SETTINGS, ...environment } };
  execFile(process.execPath, ["proxy/cli.ts", "doctor", ...args], options, (error, out, errors) =>
    resolve({ code: Number(error?.code ?? 0), output: out + errors }),
  );
  return promise;
}

/** A certificate for localhost that lasts for so many days. */
function makeCertificate(days: number): { file: string; key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "lex-chat-tls-"));
  closeLater(() => rmSync(folder, { recursive: true, force: true }));
  const [key, file] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const args = ["req", "-x509", ...kind, "-days", String(days), ...subject];
  execFileSync("openssl", [...args, "-keyout", key, "-out", file], { stdio: "ignore" });
  return { file, key: readFileSync(key, "utf8"), cert: readFileSync(file, "utf8") };
}

/** TLS, and HTTP/2 beside HTTP/1.1, in front of `target`. */
async function encrypt(
  target: string,
  certificate: { key: string; cert: string },
): Promise<string> {
  const server = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
    const { method, headers, url } = request;
    const own = forward(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(own);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closeLater(() => server.close());
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

describe("lex-chat doctor", () => {
  let target: string;
  let settings: NodeJS.ProcessEnv;
  beforeAll(async () => {
    const platform = await startPlatform();
    target = (await startProxy(platform.url)).url;
    settings = { LEX_URL: platform.url, TRUST_PROXY: "1" };
  });

  it("exits with 0 when nothing is a problem, and says what it has seen", async () => {
    const { file, ...certificate } = makeCertificate(90);
    const url = await encrypt(target, certificate);
    const { code, output } = await doctor([`${url}/`], { ...settings, NODE_EXTRA_CA_CERTS: file });

    expect(output).not.toMatch(/^problem/m);
    expect(code).toBe(0);
    for (const line of [
      /^ok +settings /m,
      /^ok +widget /m,
      /^ok +platform .*accepts LEX_API_KEY/m,
      /^ok +TLS .*(89|90) days/m,
      /^ok +HTTP\/2 /m,
      /^ok +alive /m,
      /^ok +pages +a page of http:\/\/shop\.example may chat/m,
      /^ok +streaming +comes as it is sent/m,
    ])
      expect(output).toMatch(line);
  });

  it("warns of a certificate that ends soon", async () => {
    const { file, ...certificate } = makeCertificate(5);
    const url = await encrypt(target, certificate);
    const { output } = await doctor([url], { ...settings, NODE_EXTRA_CA_CERTS: file });
    expect(output).toMatch(/^warning +TLS +the certificate ends in [45] days\n +→ see that/m);
  });

  it("exits with 1 for a certificate that nobody accepts, and asks nothing more", async () => {
    const { code, output } = await doctor([await encrypt(target, makeCertificate(90))], settings);
    expect(code).toBe(1);
    expect(output).toMatch(/^problem +TLS .*certificate that is not accepted/m);
    expect(output).not.toMatch(/ alive | streaming /);
  });

  it("exits with 1 for settings that serve refuses", async () => {
    const { code, output } = await doctor([], { PORT: "eighty" });
    expect(code).toBe(1);
    expect(output).toMatch(/^problem +settings +PORT is "eighty"\n +→ use a whole number/m);
  });

  it("says what it can't check while a setting is wrong", async () => {
    const wrong = { ...settings, PORT: "eighty", REDIS_URL: "redis://127.0.0.1:9" };
    const { output } = await doctor([target], wrong);
    for (const about of ["platform", "Redis", "pages"])
      expect(output).toMatch(
        new RegExp(`^warning +${about} +not checked: a setting is wrong`, "m"),
      );
    expect(output).toMatch(/^ok +alive /m);
  });

  it("prints JSON for programs", async () => {
    const { code, output } = await doctor(["--json", target], settings);
    const findings = JSON.parse(output) as Finding[];
    expect(code).toBe(0);
    expect(findings.length).toBeGreaterThan(5);
    for (const { level, about, says } of findings) {
      expect(["ok", "warning", "problem"]).toContain(level);
      expect(about && says).toBeTruthy();
    }
  });

  it.each(["chat.example.com", "ftp://chat.example.com"])(
    "does not take %j for an address, and exits with 2",
    async (typed) => {
      const { code, output } = await doctor([typed]);
      expect(code).toBe(2);
      expect(output).toContain(`"${typed}" is no address`);
      expect(output).toContain("give one such as https://chat.example.com");
    },
  );
});
