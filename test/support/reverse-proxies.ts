/** A real nginx or Caddy with the configuration that `proxy/deploy/` ships, in front of proxies of a test. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createHttp2Fetch } from "./http2-fetch.ts";
import { findPort, findProgram, makeFolder, render, runDaemon } from "./programs.ts";
import { eventually } from "./proxy.ts";

const DEPLOY = new URL("../../proxy/deploy/", import.meta.url);

export type ReverseProxyOptions = {
  /** Where the two proxies listen, on 127.0.0.1. */
  ports: [number, number];
  /** Further literals of the shipped file, each with what stands there instead. */
  values?: Record<string, string>;
};

export type ReverseProxy = {
  url: string;
  /** Plain HTTP. */
  plainUrl: string;
  /** What it has logged. */
  output: () => string;
  /** A browser's way to it, from `localAddress`. */
  fetchFrom: (localAddress: string) => typeof fetch;
  fetch: typeof fetch;
};

/** Whether this machine has the program, and what makes its certificate. */
export const canStart = (program: "nginx" | "caddy"): boolean =>
  [program, "openssl"].every((name) => findProgram(name) !== null);

/** Listens with TLS and HTTP/2 until the test file ends. */
export async function startNginx({ ports, values }: ReverseProxyOptions): Promise<ReverseProxy> {
  const folder = makeFolder();
  const [port, plainPort] = [await findPort(), await findPort()];
  makeCertificate(join(folder, "certificates"));
  // The folders of Debian's nginx belong to root.
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  render(new URL("nginx.conf", DEPLOY), join(folder, "nginx.conf"), {
    "/run/nginx.pid": join(folder, "nginx.pid"),
    "http {": `http { ${temporary.join(" ")}`,
    "listen 80;": `listen 127.0.0.1:${plainPort};`,
    "listen 443 ": `listen 127.0.0.1:${port} `,
    "proxy-1:8787": `127.0.0.1:${ports[0]}`,
    "proxy-2:8787": `127.0.0.1:${ports[1]}`,
    ...values,
  });
  const args = ["-p", folder, "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"];
  return start("nginx", args, { folder, port, plainPort });
}

/** Listens with TLS and HTTP/2 until the test file ends. */
export async function startCaddy({ ports, values }: ReverseProxyOptions): Promise<ReverseProxy> {
  const folder = makeFolder();
  const [port, plainPort] = [await findPort(), await findPort()];
  const certificates = join(folder, "certificates");
  makeCertificate(certificates);
  // Its own certificate would come from the internet, and its own authority would be added to this machine's.
  const site = `{
  admin off
  http_port ${plainPort}
  storage file_system ${folder}
}
https://localhost:${port} {
  bind 127.0.0.1
  tls ${certificates}/fullchain.pem ${certificates}/privkey.pem`;
  render(new URL("Caddyfile", DEPLOY), join(folder, "Caddyfile"), {
    "chat.example.com {": site,
    "proxy-1:8787": `127.0.0.1:${ports[0]}`,
    "proxy-2:8787": `127.0.0.1:${ports[1]}`,
    ...values,
  });
  return start("caddy", ["run", "--config", "Caddyfile", "--adapter", "caddyfile"], {
    folder,
    port,
    plainPort,
  });
}

async function start(
  name: string,
  args: string[],
  place: { folder: string; port: number; plainPort: number },
): Promise<ReverseProxy> {
  const { folder, port, plainPort } = place;
  const program = findProgram(name);
  if (program === null) throw new Error(`No ${name} found: run \`npm test\` to set one up.`);
  const { output, hasExited } = runDaemon(program, args, { folder });
  await eventually(`${name} to listen`, async () => {
    if (hasExited()) throw new Error(`${name} does not start: ${output()}`);
    return (await isListening(port)) || undefined;
  });
  const certificate = readFileSync(join(folder, "certificates/fullchain.pem"), "utf8");
  const fetchFrom = (localAddress: string): typeof fetch =>
    createHttp2Fetch({ certificate, localAddress });
  return {
    url: `https://localhost:${port}`,
    plainUrl: `http://127.0.0.1:${plainPort}`,
    output,
    fetchFrom,
    fetch: fetchFrom("127.0.0.1"),
  };
}

/** For `localhost`, signed by itself, in the files that the shipped configurations name. */
function makeCertificate(folder: string): void {
  mkdirSync(folder);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", "privkey.pem", "-out", "fullchain.pem", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...key, ...subject, ...files], {
    cwd: folder,
    stdio: "ignore",
  });
  // nginx's workers are somebody else than root.
  chmodSync(join(folder, ".."), 0o755);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
      .once("connect", () => resolve(true))
      .once("error", () => resolve(false))
      .once("close", () => socket.destroy());
    socket.once("connect", () => socket.end());
  });
}
