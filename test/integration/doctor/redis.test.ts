import { expect, it } from "vitest";
import { startRedis } from "../../support/redis.ts";
import { about, diagnose, nowhere } from "./doctor.ts";

const redisFindings = async (url: string) => about(await diagnose({ REDIS_URL: url }), "Redis");

it("Redis that works is well: version, round trip, scripts and pub/sub", async () => {
  const { url } = await startRedis();
  const findings = await redisFindings(url);
  expect(findings).toMatchObject([
    { level: "ok", says: expect.stringMatching(/^version \d+\.\d+/) },
    { says: expect.stringMatching(/^a round trip takes [\d.]+ ms/) },
    { level: "ok", says: "scripts and pub/sub work" },
  ]);
});

it("Redis that asks for another password is told so, and the password is not shown", async () => {
  const { url } = await startRedis({ password: "the-right-password" });
  const findings = await redisFindings(url.replace("the-right", "the-planted"));
  expect(findings).toMatchObject([
    { level: "problem", fix: "correct user and password in REDIS_URL" },
  ]);
  expect(JSON.stringify(findings)).not.toContain("planted");
});

it("Redis that is not there is a problem", async () => {
  const url = (await nowhere()).replace("http:", "redis:");
  expect(await redisFindings(url)).toMatchObject([
    { level: "problem", says: expect.stringContaining("ECONNREFUSED") },
  ]);
});

it("Redis that does not answer is a problem", async () => {
  const redis = await startRedis();
  redis.freeze();
  expect(await redisFindings(redis.url)).toMatchObject([{ level: "problem" }]);
  redis.thaw();
}, 30_000);

it("without REDIS_URL nothing is said of Redis", async () => {
  expect(about(await diagnose(), "Redis")).toEqual([]);
});
