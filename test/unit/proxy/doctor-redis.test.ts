import { expect, test } from "vitest";
import { judgeServer } from "../../../proxy/doctor/redis.ts";

const info = (version: string, maxmemory: number, policy: string): string =>
  `# Server\r\nredis_version:${version}\r\n# Memory\r\nmaxmemory:${maxmemory}\r\nmaxmemory_policy:${policy}\r\n`;

test.each([
  ["7.0.15", 0, "noeviction", ["ok"]],
  ["8.2.1", 1e9, "noeviction", ["ok"]],
  // Without a limit nothing is ever evicted, whatever the policy.
  ["7.2.4", 0, "allkeys-lru", ["ok"]],
  ["7.2.4", 1e9, "allkeys-lru", ["ok", "warning"]],
  ["7.2.4", 1e9, "volatile-ttl", ["ok", "warning"]],
  ["6.2.14", 0, "noeviction", ["problem"]],
])("Redis %s with maxmemory %d and %s: %j", (version, maxmemory, policy, levels) => {
  const findings = judgeServer(info(version, maxmemory, policy));
  expect(findings.map(({ level }) => level)).toEqual(levels);
});
