/** Runs the doctor's checks as the CLI does, and servers that stand between it and a proxy. */
import { once } from "node:events";
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { examine } from "../../../proxy/doctor/doctor.ts";
import type { Finding } from "../../../proxy/doctor/finding.ts";
import { findPort } from "../../support/find-port.ts";
import { API_KEY, closeLater, ORIGIN, SESSION_SECRET } from "../../support/proxy.ts";

export const SETTINGS: NodeJS.ProcessEnv = {
  LEX_URL: "http://127.0.0.1:9",
  LEX_API_KEY: API_KEY,
  SESSION_SECRET,
  ALLOWED_ORIGINS: ORIGIN,
};

/** Every finding of one run. */
export async function diagnose(
  environment: NodeJS.ProcessEnv = {},
  publicUrl: string | null = null,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of examine(publicUrl, { ...SETTINGS, ...environment }))
    findings.push(finding);
  return findings;
}

/** What is said about one subject. */
export const about = (findings: readonly Finding[], subject: string): Finding[] =>
  findings.filter((finding) => finding.about === subject);

/** What a server in front does with an answer of the proxy. */
export type PassOn = (
  answer: IncomingMessage,
  response: ServerResponse,
  request: IncomingMessage,
) => void;

/** As it is, byte for byte and at once. */
export const passOnAll: PassOn = (answer, response) => {
  response.writeHead(answer.statusCode ?? 0, answer.headers);
  answer.pipe(response);
};

export const isEventStream = ({ headers }: IncomingMessage): boolean =>
  headers["content-type"]?.startsWith("text/event-stream") === true;

/** A server on a free port, closed when the test file ends. */
export async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  closeLater(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A reverse proxy in front of `target`, which takes `path` off and passes every request on. */
export const standInFront = (target: string, passOn: PassOn, path = ""): Promise<string> =>
  listen((request, response) => {
    const { method, headers, url = "/" } = request;
    const own = forward(`${target}${url.slice(path.length)}`, { method, headers }, (answer) =>
      passOn(answer, response, request),
    );
    request.pipe(own);
  });

/** An address at which nothing listens. */
export const nowhere = async (): Promise<string> => `http://127.0.0.1:${await findPort()}`;
