/**
 * The proxy as pages see it, through everything that stands in front: alive, the widget, cross-origin
 * rules. Each check rejects as `fetch` does.
 */
import type { Config } from "../config.ts";
import type { Problem } from "../protocol.ts";
import { findingsAbout, type Finding } from "./finding.ts";

const TIMEOUT_MS = 10_000;

export async function checkAlive(address: string): Promise<Finding> {
  const { ok, warning, problem } = findingsAbout("alive");
  const { status, body } = await ask(`${address}/healthz`);
  const health = (body ?? {}) as { status?: unknown; redis?: unknown };
  if (health.redis === "down")
    return warning(
      "the running proxy can't use its Redis: viewers stay, and nothing can be sent",
      "check its REDIS_URL from where it runs, and its log",
    );
  if (health.status === "ok") return ok(`${address}/healthz`);
  return problem(
    `${address}/healthz answers ${status}, and not as the chat proxy does`,
    "check where the address leads to, and that the reverse proxy passes every path on unchanged",
  );
}

export async function checkScript(address: string): Promise<Finding> {
  const { ok, problem } = findingsAbout("script");
  const url = `${address}/widget.js`;
  const { status, headers, body } = await ask(url);
  const detail = (body as Problem | null)?.detail;
  if (status !== 200)
    return problem(
      `${url} answers ${status}${detail ? `: ${detail}` : ""}`,
      "run npm run build where the proxy runs, and start it again",
    );
  const type = headers.get("content-type") ?? "nothing";
  if (!type.startsWith("text/javascript"))
    return problem(
      `${url} comes as ${type}`,
      "let the reverse proxy pass it on instead of answering itself",
    );
  return ok(url);
}

/** A preflight and a session, asked as a page of an allowed origin would. */
export async function checkCors(address: string, config: Config): Promise<Finding[]> {
  const { ok } = findingsAbout("pages");
  const origin = originOf(config, address);
  const url = `${address}/api/session`;
  const preflight = await ask(url, {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    },
  });
  const session = await ask(url, { method: "POST", headers: { Origin: origin } });
  const findings = [
    ...judgeAllowOrigin("a preflight", preflight),
    ...judgeAllowOrigin("a request", session),
    ...judgeSession(session, origin),
  ];
  return findings.length > 0 ? findings : [ok(`a page of ${origin} may chat`)];
}

function judgeAllowOrigin(what: string, { status, headers }: Answer): Finding[] {
  const { problem } = findingsAbout("pages");
  const allowed = headers.get("access-control-allow-origin");
  if (allowed === "*" && (what !== "a preflight" || status < 300)) return [];
  if (allowed?.includes(","))
    return [
      problem(
        `${what} is answered with Access-Control-Allow-Origin twice (${allowed}): browsers refuse it`,
        "take the header out of the reverse proxy: the chat proxy sets it (nginx: add_header, Caddy: header)",
      ),
    ];
  return [
    problem(
      `${what} is answered ${status} with Access-Control-Allow-Origin ${allowed ?? "missing"}`,
      "let the reverse proxy pass OPTIONS and this header on as they are",
    ),
  ];
}

function judgeSession({ status, body }: Answer, origin: string): Finding[] {
  const { warning, problem } = findingsAbout("pages");
  const { code, detail = "" } = (body ?? {}) as Partial<Problem>;
  if (status === 200) return [];
  if (code === "origin_not_allowed")
    return [
      problem(
        `the running proxy refuses a page of ${origin}: ${detail}`,
        "start it with these settings, and let the reverse proxy pass Origin on",
      ),
    ];
  // Signed-in visitors only: that it says so is the right answer.
  if (code === "identity_required") return [];
  if (status === 429)
    return [warning("too many sessions from here: not checked", "try again in a minute")];
  return [
    problem(`a session is answered ${status}${code ? ` (${code})` : ""}`, "see the proxy's log"),
  ];
}

/** An origin that the settings allow; a subdomain is made up for a wildcard. */
function originOf({ allowedOrigins, publicUrl }: Config, address: string): string {
  const entry = allowedOrigins.find((origin) => origin !== "*" && origin !== "null");
  return entry?.replace("://*.", "://www.") ?? new URL(publicUrl ?? address).origin;
}

type Answer = { status: number; headers: Headers; body: unknown };

/** `body` is null when it is no JSON. */
async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { ...init, redirect: "manual", signal });
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const text = await response.text();
  let body: unknown = null;
  try {
    if (isJson) body = JSON.parse(text) as unknown;
  } catch {
    // Called JSON by whoever stands in front: as good as none.
  }
  return { status: response.status, headers: response.headers, body };
}
