import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createRedisIndex } from "../../../proxy/redis/visitor-index.ts";
import type { VisitorIndex } from "../../../proxy/visitors/visitor-index.ts";
import { connectTo, untilDown } from "../../support/redis-connection.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";

const DAY_MS = 86_400_000;

async function open(server: TestRedis, now?: () => number) {
  const redis = await connectTo(server);
  const options = { days: 90, logger: pino({ level: "silent" }), ...(now && { now }) };
  return { redis, index: createRedisIndex(redis, options) };
}

async function addAll(index: VisitorIndex, ids: readonly string[]): Promise<void> {
  for (const id of ids) await index.add("u_ada", id);
}

describe("the visitor index of two instances", () => {
  it("lists what either has added, the newest first, each once", async () => {
    const server = await startRedis();
    let time = 0;
    const [one, two] = await Promise.all([open(server, () => ++time), open(server, () => ++time)]);
    await addAll(one.index, ["c1", "c2"]);
    await addAll(two.index, ["c3", "c1"]);
    expect(await one.index.list("u_ada")).toEqual(["c1", "c3", "c2"]);
    expect(await two.index.list("u_bob")).toEqual([]);
  });

  it("keeps the newest fifty of a visitor, until the days after the last one are over", async () => {
    let time = 0;
    const { redis, index } = await open(await startRedis(), () => ++time);
    const ids = Array.from({ length: 52 }, (_, number) => `c${number}`);
    await addAll(index, ids);
    expect(await index.list("u_ada")).toEqual(ids.slice(2).toReversed());
    const left = await redis.commands.pttl(redis.key("index:u_ada"));
    expect(left).toBeGreaterThan(90 * DAY_MS - 60_000);
    expect(left).toBeLessThanOrEqual(90 * DAY_MS);
  });

  it("is empty while Redis is away, and fails nobody", async () => {
    const server = await startRedis();
    const { redis, index } = await open(server);
    await index.add("u_ada", "c1");
    await server.kill();
    await untilDown(redis);
    await index.add("u_ada", "c2");
    expect(await index.list("u_ada")).toEqual([]);
  });
});
