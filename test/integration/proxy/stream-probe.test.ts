import { expect, it } from "vitest";
import { SSE_HEADERS } from "../../../proxy/relay/sse.ts";
import { call, eventually, startProxy } from "../../support/proxy.ts";

const NOWHERE = "http://127.0.0.1:9";

it("GET /healthz/stream looks like a visitor's stream, holds five comments and ends", async () => {
  const { url } = await startProxy(NOWHERE);
  const { status, headers, text } = await call(`${url}/healthz/stream`);
  expect(status).toBe(200);
  for (const [name, value] of Object.entries(SSE_HEADERS)) expect(headers.get(name)).toBe(value);
  expect(text.match(/^: probe \d$/gm)).toEqual(
    [1, 2, 3, 4, 5].map((number) => `: probe ${number}`),
  );
  expect(text).not.toMatch(/^(data|event|id):/m);
});

it("GET /healthz/stream is open five times at most, and who leaves makes room", async () => {
  const { url } = await startProxy(NOWHERE);
  const leaving = new AbortController();
  const open = (): Promise<Response> => fetch(`${url}/healthz/stream`, { signal: leaving.signal });
  const first = await Promise.all([open(), open(), open(), open(), open()]);
  const refused = await call(`${url}/healthz/stream`);
  leaving.abort();

  expect(first.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(refused).toMatchObject({ status: 429, body: { code: "too_many_streams" } });
  expect(refused.headers.get("retry-after")).toBe("2");
  await eventually("room", async () => {
    const response = await fetch(`${url}/healthz/stream`);
    await response.body?.cancel();
    return response.ok || undefined;
  });
});
