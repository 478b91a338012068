/** `GET /healthz/stream`: a second of a stream that holds nothing, so that its arrival can be timed from outside. */
import { setTimeout as wait } from "node:timers/promises";
import type { RequestHandler } from "express";
import { ProxyError } from "../errors.ts";
import { encodeComment, encodeOpening, SSE_HEADERS } from "../relay/sse.ts";

export const PROBE_COMMENTS = 5;
export const PROBE_INTERVAL_MS = 200;
/** It is open to everybody: so many at the same time, and no more. */
const MAX_PROBES = 5;

/** Sends what a visitor's stream starts with, then `PROBE_COMMENTS` numbered comments. */
export function createStreamProbe(): RequestHandler {
  let open = 0;
  return async (_request, response) => {
    if (open >= MAX_PROBES) throw new ProxyError("too_many_streams", { retryAfter: 2 });
    open += 1;
    response.once("close", () => (open -= 1));
    response.writeHead(200, SSE_HEADERS);
    response.socket?.setNoDelay(true);
    response.write(encodeOpening());
    for (let number = 1; number <= PROBE_COMMENTS; number += 1) {
      if (number > 1) await wait(PROBE_INTERVAL_MS);
      if (response.destroyed) return;
      response.write(encodeComment(`probe ${number}`));
    }
    response.end();
  };
}
