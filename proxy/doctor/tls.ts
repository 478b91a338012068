/** TLS of a public address: a certificate that browsers accept for some time yet, and HTTP/2. */
import { connect, type TLSSocket } from "node:tls";
import { explainFailure } from "./failure.ts";
import { findingsAbout, type Finding } from "./finding.ts";

const TIMEOUT_MS = 10_000;
const MIN_DAYS_LEFT = 14;
const DAY_MS = 24 * 60 * 60 * 1000;

/** None for an address without TLS. */
export async function checkTls(address: string): Promise<Finding[]> {
  if (!address.startsWith("https:")) return [];
  const { problem } = findingsAbout("TLS");
  try {
    const socket = await handshake(address);
    const findings = [judgeCertificate(socket), judgeProtocol(socket.alpnProtocol)];
    socket.destroy();
    return findings;
  } catch (error) {
    const { says, fix } = explainFailure(error, address);
    return [problem(says, fix)];
  }
}

function handshake(address: string): Promise<TLSSocket> {
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "");
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connect({
    host,
    port: Number(port || 443),
    // An address is no name (RFC 6066, section 3).
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    ALPNProtocols: ["h2", "http/1.1"],
  });
  socket.setTimeout(TIMEOUT_MS, () => {
    socket.destroy(Object.assign(new Error("no handshake"), { code: "ETIMEDOUT" }));
  });
  socket.once("secureConnect", () => resolve(socket)).once("error", reject);
  return promise;
}

function judgeCertificate(socket: TLSSocket): Finding {
  const { ok, warning } = findingsAbout("TLS");
  const until = new Date(socket.getPeerCertificate().valid_to);
  const days = Math.floor((until.getTime() - Date.now()) / DAY_MS);
  if (days >= MIN_DAYS_LEFT) return ok(`the certificate is accepted, for ${days} days yet`);
  return warning(
    `the certificate ends in ${days} days`,
    "see that it is renewed by itself (certbot renew --dry-run; Caddy does it)",
  );
}

function judgeProtocol(protocol: string | false | null): Finding {
  const { ok, warning } = findingsAbout("HTTP/2");
  if (protocol === "h2") return ok("is spoken");
  return warning(
    "is not spoken: a browser opens six connections at most, so that a seventh open chat waits",
    "turn it on (nginx: http2 on, or listen 443 ssl http2 before 1.25; Caddy and Cloudflare have it on)",
  );
}
