/** nginx and Caddy, as `proxy/deploy/` configures them, between visitors and two proxies: TLS, HTTP/2, real sockets. */
import { randomUUID } from "node:crypto";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { EventStream } from "../../support/event-stream.ts";
import {
  call,
  createVisitor,
  eventually,
  startPlatform,
  startProxy,
  tile,
  type TestProxy,
} from "../../support/proxy.ts";
import {
  canStart,
  startCaddy,
  startNginx,
  type ReverseProxy,
} from "../../support/reverse-proxies.ts";
import { startUpstream, type Upstream } from "../proxy/upstream.ts";

const WORDS = Array.from({ length: 20 }, (_, number) => `word-${number} `);
const ENVIRONMENT = { TRUST_PROXY: "1", COALESCE_MS: "0" };

const viewersOf = async ({ proxy }: TestProxy): Promise<number> => {
  const text = await proxy.metrics.registry.metrics();
  return Number(/^lex_chat_viewers (\d+)/m.exec(text)?.[1]);
};

describe.each([
  ["nginx", startNginx],
  ["caddy", startCaddy],
] as const)("%s", (program, startReverseProxy) => {
  describe.skipIf(!canStart(program))("in front of two proxies", () => {
    let upstream: Upstream;
    let proxies: [TestProxy, TestProxy];
    let front: ReverseProxy;

    const startBefore = ({ port }: TestProxy): Promise<ReverseProxy> =>
      startReverseProxy({ ports: [port, port] });

    beforeAll(async () => {
      upstream = await startUpstream();
      proxies = [
        await startProxy(upstream.url, ENVIRONMENT),
        await startProxy(upstream.url, ENVIRONMENT),
      ];
      front = await startReverseProxy({ ports: [proxies[0].port, proxies[1].port] });
    });

    /** A visitor with an open stream. */
    async function openChat({ url, fetch }: ReverseProxy = front) {
      const visitor = await createVisitor(url, { fetch });
      const { conversationId } = (await visitor.reply("Hello")).body;
      const stream = await visitor.stream(conversationId, { "Accept-Encoding": "gzip, br" });
      await stream.snapshot();
      await eventually("the proxy to listen", () => upstream.streams.size || undefined);
      return { visitor, conversationId, stream };
    }

    /** Each word is read before the next one is written: anything held back on the way ends this in vain. */
    async function speak(words: string[], stream: EventStream): Promise<void> {
      for (const text of words) {
        upstream.emit("message:chunk", { messageId: "answer", text });
        await stream.until(
          text,
          ({ event, data }) => event === "message:chunk" && data.text === text,
        );
      }
    }

    it("passes each piece of an answer on before there is a next one", async () => {
      const { stream } = await openChat();
      await speak(WORDS, stream);
      expect(tile(stream)).toEqual({ text: WORDS.join(""), isGapless: true });
    });

    it("leaves a stream uncompressed, also for a browser that takes brotli", async () => {
      const { stream } = await openChat();
      expect(stream.headers.get("content-type")).toMatch(/^text\/event-stream/);
      expect(stream.headers.has("content-encoding")).toBe(false);
    });

    it("lets a stream go on after its last event", async () => {
      const proxy = await startProxy(upstream.url, ENVIRONMENT);
      const { visitor, conversationId, stream } = await openChat(await startBefore(proxy));
      await speak(WORDS.slice(0, 5), stream);
      stream.close();
      for (const text of WORDS.slice(5, 10)) {
        upstream.emit("message:chunk", { messageId: "answer", text });
      }
      const resumed = await visitor.stream(conversationId, {
        "Last-Event-ID": stream.events.at(-1)?.id,
      });
      await speak(WORDS.slice(10), resumed);
      expect(resumed.all("conversation:init")).toEqual([]);
      const both = tile({ all: (name) => [...stream.all(name), ...resumed.all(name)] });
      expect(both).toEqual({ text: WORDS.join(""), isGapless: true });
    });

    it("tells the proxy that a visitor has left", async () => {
      const proxy = await startProxy(upstream.url, ENVIRONMENT);
      const { stream } = await openChat(await startBefore(proxy));
      expect(await viewersOf(proxy)).toBe(1);
      stream.close();
      await eventually(
        "the viewer to be gone",
        async () => (await viewersOf(proxy)) === 0 || undefined,
      );
    });

    it("tells the proxy the visitor's address, and not the one that the visitor claims", async () => {
      const limits = { ...ENVIRONMENT, LIMIT_SESSIONS_PER_ADDRESS: "2" };
      const { url, fetchFrom } = await startBefore(await startProxy(upstream.url, limits));
      const open = async (fetch: typeof globalThis.fetch, claimed?: string): Promise<number> => {
        const headers = { "X-Forwarded-For": claimed };
        return (await call(`${url}/api/session`, { body: {}, headers, fetch })).status;
      };
      const first = fetchFrom("127.0.0.2");
      expect([await open(first), await open(first), await open(first)]).toEqual([200, 200, 429]);
      expect(await open(first, "203.0.113.7")).toBe(429);
      expect(await open(fetchFrom("127.0.0.3"))).toBe(200);
    });

    it.each([
      ["br", brotliDecompressSync],
      ["gzip", gunzipSync],
    ])("passes the widget on as the proxy has compressed it: %s", async (encoding, decompress) => {
      const headers = { "Accept-Encoding": encoding };
      const plain = await fetch(`${proxies[0].url}/widget.js`, {
        headers: { "Accept-Encoding": "identity" },
      });
      const answer = await front.fetch(`${front.url}/widget.js`, { headers });
      expect(answer.headers.get("content-encoding")).toBe(encoding);
      expect(answer.headers.get("vary")).toContain("Accept-Encoding");
      expect(answer.headers.get("etag")).toBe(plain.headers.get("etag"));
      const body = Buffer.from(await answer.arrayBuffer());
      expect(decompress(body).toString()).toBe(await plain.text());
    });

    it("leads plain HTTP to TLS", async () => {
      const answer = await call(`${front.plainUrl}/widget.js`, { headers: { Host: "localhost" } });
      expect(answer.status).toBe(308);
      expect(answer.headers.get("location")).toMatch(/^https:\/\/.*\/widget\.js$/);
    });

    it("leaves a proxy that drains, and loses no visitor by it", async () => {
      const { url: platformUrl } = await startPlatform();
      const leaving = await startProxy(platformUrl, ENVIRONMENT);
      const other = await startProxy(platformUrl, ENVIRONMENT);
      const { url, fetch, output } = await startReverseProxy({ ports: [leaving.port, other.port] });
      await leaving.proxy.close();
      // nginx asks the other one in the same moment; Caddy sends nothing to it once it has asked after its health.
      const hasNoticed = (): boolean => output().includes(`"host":"127.0.0.1:${leaving.port}"`);
      if (program === "caddy") await eventually("Caddy to notice", () => hasNoticed() || undefined);
      const chat = async (): Promise<number[]> => {
        const visitor = await createVisitor(url, { fetch });
        const sent = await visitor.reply("Hello", undefined, { "Idempotency-Key": randomUUID() });
        const history = await visitor.request(`/${sent.body.conversationId}/messages`);
        return [sent.status, history.status];
      };
      for (let round = 0; round < 4; round += 1) expect(await chat()).toEqual([202, 200]);
    });
  });
});
