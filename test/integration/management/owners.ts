/** The owner's calls, in front of a platform that answers as a test says. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChatProxyOptions } from "../../../proxy/app.ts";
import {
  call,
  closeLater,
  startProxy,
  type Answer,
  type CallOptions,
  type TestProxy,
} from "../../support/proxy.ts";
import { json } from "../proxy/upstream.ts";

export const ADMIN_TOKEN = "admin-token-of-the-management-tests-0123456789";
export const MANAGEMENT_KEY = "lxm_key_of_the_management_tests";
export const NOWHERE = "http://127.0.0.1:9";

type Seen = { method: string; url: string; headers: IncomingMessage["headers"]; body: string };
export type Handler = (response: ServerResponse, request: IncomingMessage) => void;

/** A platform that keeps what it was asked, and answers as a test says. */
export async function startLexey(
  handle: Handler = (response) => json(response, 200, { ok: true }),
) {
  const requests: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    handle(response, request);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closeLater(() => (server.close(), server.closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** A proxy with a management key, whose visitors have no platform. */
export const startOwners = (
  lexeyUrl: string,
  environment: NodeJS.ProcessEnv = {},
  options: ChatProxyOptions = {},
): Promise<TestProxy> =>
  startProxy(
    NOWHERE,
    {
      ADMIN_TOKEN,
      PLATFORM: "lex",
      LEXEY_URL: lexeyUrl,
      LEXEY_MANAGEMENT_KEY: MANAGEMENT_KEY,
      ...environment,
    },
    options,
  );

export const owner = { Authorization: `Bearer ${ADMIN_TOKEN}` };
/** One request of the owner. */
export const manage = (
  proxy: TestProxy,
  path: string,
  options: CallOptions = {},
): Promise<Answer> =>
  call(`${proxy.url}/api/management${path}`, {
    ...options,
    headers: { ...owner, ...options.headers },
  });
