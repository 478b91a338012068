/** What nginx does when a proxy refuses, breaks or is silent, as `proxy/deploy/nginx.conf` tells it to. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { openViewer } from "../../../proxy/relay/viewer.ts";
import { SETTINGS } from "../../../proxy/settings.ts";
import { openStream } from "../../support/event-stream.ts";
import { call, closeLater, createVisitor, eventually, startChat } from "../../support/proxy.ts";
import { canStart, startNginx } from "../../support/reverse-proxies.ts";

/** Of a visitor's stream. */
const HEARTBEAT_SECONDS = 15;
const ENVIRONMENT = { TRUST_PROXY: "1" };

/** Returns the port. */
async function listen(handle: RequestListener): Promise<number> {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  closeLater(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** Stands for a proxy: keeps the bodies that it gets, and answers 202 or breaks off after each. */
async function startStandIn({ breaks }: { breaks: boolean }) {
  const received: string[] = [];
  const port = await listen(async (request, response) => {
    received.push(Buffer.concat(await request.toArray()).toString());
    if (breaks) request.socket.destroy();
    else response.writeHead(202).end();
  });
  return { port, received };
}

describe.skipIf(!canStart("nginx"))("nginx", () => {
  /** Four sends, in turn to a proxy that breaks off after it has read one, and to one that is well. */
  async function sendPastBroken(headers: Record<string, string>) {
    const broken = await startStandIn({ breaks: true });
    const well = await startStandIn({ breaks: false });
    const { url, fetch } = await startNginx({ ports: [broken.port, well.port] });
    const statuses: number[] = [];
    for (const content of ["1", "2", "3", "4"]) {
      const sent = await call(`${url}/api/conversations/reply`, {
        body: { content },
        headers,
        fetch,
      });
      statuses.push(sent.status);
    }
    return { statuses, broken: broken.received, well: well.received };
  }

  it("repeats a send that has a key when its proxy breaks off", async () => {
    const { statuses, broken, well } = await sendPastBroken({
      "Idempotency-Key": "key-of-the-send",
    });
    expect(statuses).toEqual([202, 202, 202, 202]);
    expect(broken).not.toEqual([]);
    expect(well).toEqual(["1", "2", "3", "4"].map((content) => JSON.stringify({ content })));
  });

  it("repeats no send without a key, so that the platform gets each at most once", async () => {
    const { statuses, broken, well } = await sendPastBroken({});
    expect(statuses.toSorted()).toEqual([202, 202, 502, 502]);
    expect([...broken, ...well].toSorted()).toEqual(
      ["1", "2", "3", "4"].map((content) => JSON.stringify({ content })),
    );
  });

  it("passes the refusal on when both proxies refuse, so that the page can read why", async () => {
    const [one, other] = [await startChat({}, ENVIRONMENT), await startChat({}, ENVIRONMENT)];
    const { url, fetch } = await startNginx({ ports: [one.port, other.port] });
    await Promise.all([one.proxy.close(), other.proxy.close()]);
    for (let time = 0; time < 4; time += 1) {
      const refused = await call(`${url}/api/session`, { body: {}, fetch });
      expect(refused).toMatchObject({ status: 503, body: { code: "shutting_down" } });
      expect(refused.headers.get("access-control-allow-origin")).toBe("*");
      expect(refused.headers.get("retry-after")).toBe("2");
    }
  });

  it("goes on with the other proxy when one is gone", async () => {
    const chat = await startChat({}, ENVIRONMENT);
    const { url, fetch } = await startNginx({ ports: [9, chat.port] });
    for (let time = 0; time < 4; time += 1) {
      const { visitorId } = await createVisitor(url, { fetch });
      expect(visitorId).toMatch(/^a_/);
    }
  });

  it.each([
    ["the browser's id", "0123456789abcdef-of-the-browser"],
    ["an id of its own", undefined],
  ])("logs %s of a request, and so does the proxy", async (_name, given) => {
    const chat = await startChat({}, ENVIRONMENT);
    const { url, fetch, output } = await startNginx({ ports: [chat.port, chat.port] });
    const headers = { "X-Request-Id": given };
    const answer = await call(`${url}/api/session`, { body: {}, headers, fetch });
    const id = answer.headers.get("x-request-id") ?? "none";
    expect(id).toEqual(given ?? expect.stringMatching(/^[0-9a-f]{32}$/));
    await eventually("nginx's log", () => output().includes(id) || undefined);
    expect(chat.log.map((line) => line["requestId"])).toContain(id);
  });

  it("keeps a silent stream open, by the proxy's heartbeats alone", async () => {
    const port = await listen((_request, response) => {
      openViewer(response, { expiresAt: Date.now() + 60_000, heartbeatMs: 200 });
    });
    const { url, fetch } = await startNginx({
      ports: [port, port],
      values: { "proxy_read_timeout 75s;": "proxy_read_timeout 1s;" },
    });
    const stream = await openStream(`${url}/api/conversations/any/stream`, {}, fetch);
    const heartbeats = (): number => stream.raw().split(": heartbeat\n").length - 1;
    await eventually("three times nginx's patience", () => heartbeats() >= 15 || undefined);
  });
});

describe("proxy/deploy/nginx.conf", () => {
  const shipped = readFileSync(
    new URL("../../../proxy/deploy/nginx.conf", import.meta.url),
    "utf8",
  );
  const sizeOf = (directive: string): string | undefined =>
    new RegExp(`^ *${directive} (\\S+);`, "m").exec(shipped)?.[1];

  it("names the port that the proxy listens on by default", () => {
    const ports = [...shipped.matchAll(/server proxy-\d:(\d+)/g)].map(([, port]) => Number(port));
    expect(ports).toEqual([8787, 8787].map(() => SETTINGS.port.parse(undefined)));
  });

  it("is more patient than two heartbeats of a stream", () => {
    expect(Number.parseInt(sizeOf("proxy_read_timeout") ?? "", 10)).toBeGreaterThan(
      2 * HEARTBEAT_SECONDS,
    );
  });
});
