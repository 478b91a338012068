/** Whether a stream comes through as it is sent: neither held back nor compressed on the way. */
import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getEncrypted } from "node:https";
import { PROBE_COMMENTS, PROBE_INTERVAL_MS } from "../routes/stream-probe.ts";
import { findingsAbout, type Finding } from "./finding.ts";

const TIMEOUT_MS = 15_000;
/** Sent over this long; what comes in less than half of it was held back somewhere. */
const EXPECTED_MS = (PROBE_COMMENTS - 1) * PROBE_INTERVAL_MS;

type Probe = {
  status: number;
  headers: IncomingMessage["headers"];
  /** Milliseconds from the request to each comment. */
  arrivals: readonly number[];
};

const { ok, problem, warning } = findingsAbout("streaming");

/** Rejects as `node:https` does when the address can't be reached. */
export const checkStreaming = async (address: string): Promise<Finding> =>
  judgeProbe(await timeProbe(`${address}/healthz/stream`));

/** Asks as a browser does, which takes compressed answers. */
function timeProbe(url: string): Promise<Probe> {
  const { promise, resolve, reject } = Promise.withResolvers<Probe>();
  const startedAt = performance.now();
  const headers = { Accept: "text/event-stream", "Accept-Encoding": "gzip, deflate, br" };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const get = url.startsWith("https:") ? getEncrypted : getPlain;
  get(url, { headers, signal }, (response) => {
    const arrivals: number[] = [];
    let text = "";
    response.setEncoding("latin1").on("data", (piece: string) => {
      text += piece;
      const count = text.match(/: probe \d\n/g)?.length ?? 0;
      while (arrivals.length < count) arrivals.push(performance.now() - startedAt);
    });
    response.on("error", reject).on("end", () => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, arrivals });
    });
  }).on("error", reject);
  return promise;
}

/** Pure. */
function judgeProbe({ status, headers, arrivals }: Probe): Finding {
  if (status === 429)
    return warning("the proxy is being probed already: not checked", "try again in a moment");
  if (status !== 200 || !headers["content-type"]?.startsWith("text/event-stream"))
    return problem(
      `/healthz/stream is answered ${status} ${headers["content-type"] ?? ""}`.trimEnd(),
      "let the reverse proxy pass every path on to this version of the proxy",
    );
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity")
    return problem(
      `streams are compressed on the way (${encoding}), and words wait in the compressor`,
      howTo(headers, "compression"),
    );
  if (arrivals.length < PROBE_COMMENTS)
    return problem(
      `a stream was cut after ${arrivals.length} of ${PROBE_COMMENTS} pieces`,
      "raise the time that the reverse proxy lets an answer last (nginx: proxy_read_timeout 1h)",
    );
  const spread = Math.round((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0));
  if (spread < EXPECTED_MS / 2)
    return problem(
      `streams are held back on the way: what was sent over ${EXPECTED_MS} ms came within ${spread} ms`,
      howTo(headers, "buffering"),
    );
  return ok(`comes as it is sent (${PROBE_COMMENTS} pieces over ${spread} ms)`);
}

type Fault = "buffering" | "compression";

const HOW_TO: ReadonlyArray<readonly [server: RegExp, fixes: Record<Fault, string>]> = [
  [
    /cloudflare/i,
    {
      buffering:
        "Cloudflare: turn Response Buffering off for the chat's paths, and take Workers that read the body out of the way",
      compression: "Cloudflare: a Compression Rule that turns it off for text/event-stream",
    },
  ],
  [
    /nginx|openresty/i,
    {
      buffering: "nginx: proxy_buffering off, and no proxy_ignore_headers X-Accel-Buffering",
      compression: "nginx: take text/event-stream out of gzip_types (and brotli_types)",
    },
  ],
  [
    /caddy/i,
    {
      buffering: "Caddy: reverse_proxy with flush_interval -1, and no response_buffers",
      compression: "Caddy: leave text/event-stream out of what encode matches",
    },
  ],
  [
    /apache/i,
    {
      buffering: "Apache: ProxyPass with flushpackets=on, and no mod_buffer",
      compression: "Apache: SetEnvIf Request_URI /stream$ no-gzip",
    },
  ],
];

/** For the server that names itself, else for all that are known. */
function howTo(headers: IncomingMessage["headers"], fault: Fault): string {
  const name = `${headers["server"] ?? ""} ${String(headers["via"] ?? "")}`;
  const known = HOW_TO.filter(([server]) => server.test(name));
  return (known.length > 0 ? known : HOW_TO).map(([, fixes]) => fixes[fault]).join("; ");
}
