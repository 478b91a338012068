import { expect, it } from "vitest";
import { startProxyProcess } from "../../support/proxy-process.ts";
import { call } from "../../support/proxy.ts";

const ADMIN_TOKEN = "admin-token-of-the-serve-tests-0123456789";
const MB = 1024 * 1024;

it("keeps V8's young generation as small as it begins", async () => {
  const { url } = await startProxyProcess({ LEX_URL: "http://127.0.0.1:9", ADMIN_TOKEN });
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const { text } = await call(`${url}/metrics`, { headers });
  const [, bytes] = /^nodejs_heap_space_size_total_bytes\{space="new"\} (\d+)$/m.exec(text) ?? [];
  expect(Number(bytes)).toBeGreaterThan(0);
  // Node's default is over twice of it as soon as the modules are loaded.
  expect(Number(bytes)).toBeLessThanOrEqual(12 * MB);
});
