/** Redis: can it be used as the proxy uses it, and does it keep what it is given. */
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { createRedis, type RedisConnection } from "../redis/connection.ts";
import { findingsAbout, type Finding } from "./finding.ts";

const TIMEOUT_MS = 4000;
const MIN_VERSION = 7;
const ROUND_TRIPS = 5;
/** Each event is one script: what this takes is added to each. */
const SLOW_MS = 10;

const { ok, warning, problem } = findingsAbout("Redis");

/** By the connection that the proxy uses; nothing is left behind in it. */
export async function checkRedis(url: string): Promise<Finding[]> {
  let reason = "";
  const write = (line: string): void => {
    ({ reason = reason } = JSON.parse(line) as { reason?: string });
  };
  const redis = createRedis(url, pino({ level: "warn" }, { write }));
  try {
    if (!(await isUsable(redis))) return [explainAbsence(reason)];
    return [
      ...judgeServer(await redis.commands.info()),
      await checkRoundTrip(redis),
      ...(await checkScripts(redis)),
      ...(await checkPubSub(redis)),
    ];
  } catch (error) {
    const { message } = error as Error;
    return [
      problem(
        `a command is refused: ${message}`,
        "allow REDIS_URL's user all commands on lex-chat:*",
      ),
    ];
  } finally {
    await redis.close();
  }
}

function isUsable(redis: RedisConnection): Promise<boolean> {
  if (redis.isUp()) return Promise.resolve(true);
  return within(TIMEOUT_MS, (resolve) => redis.onUp(resolve));
}

function explainAbsence(reason: string): Finding {
  const says = `REDIS_URL leads to no Redis that can be used${reason === "" ? "" : `: ${reason}`}`;
  if (/NOAUTH|WRONGPASS|NOPERM/.test(reason))
    return problem(says, "correct user and password in REDIS_URL");
  return problem(
    says,
    "start it, and check host, port and firewall; rediss:// where it speaks TLS",
  );
}

/** Reads what `INFO` says. Pure. */
export function judgeServer(info: string): Finding[] {
  const value = (name: string): string =>
    new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1] ?? "";
  const version = value("redis_version");
  const policy = value("maxmemory_policy");
  const isBounded = Number(value("maxmemory")) > 0;
  const findings: Finding[] = [];
  if (Number.parseInt(version, 10) < MIN_VERSION)
    findings.push(
      problem(`version ${version} is too old`, `use Redis ${MIN_VERSION} or later, or Valkey`),
    );
  else findings.push(ok(`version ${version || "not told"}`));
  if (isBounded && policy !== "noeviction")
    findings.push(
      warning(
        `when its memory is full it forgets what it should keep (maxmemory-policy ${policy}): a message could be sent twice`,
        "set maxmemory-policy noeviction; everything that the proxy writes expires by itself",
      ),
    );
  return findings;
}

async function checkRoundTrip(redis: RedisConnection): Promise<Finding> {
  const startedAt = performance.now();
  for (let count = 0; count < ROUND_TRIPS; count += 1) await redis.commands.ping();
  const milliseconds = (performance.now() - startedAt) / ROUND_TRIPS;
  const says = `a round trip takes ${milliseconds.toFixed(1)} ms`;
  if (milliseconds < SLOW_MS) return ok(says);
  return warning(`${says}: each event of an answer waits for one`, "run it close to the proxies");
}

async function checkScripts(redis: RedisConnection): Promise<Finding[]> {
  const answer = await redis.commands.eval("return 41 + ARGV[1]", 0, 1);
  return answer === 42 ? [] : [problem("scripts don't run", "use a Redis with Lua scripts")];
}

async function checkPubSub(redis: RedisConnection): Promise<Finding[]> {
  const channel = redis.channel(`doctor:${randomUUID()}`);
  const heard = Promise.withResolvers<void>();
  const end = await redis.subscribe(channel, () => heard.resolve());
  await redis.commands.publish(channel, "1");
  const isHeard = await within(TIMEOUT_MS, (resolve) => void heard.promise.then(resolve));
  end();
  if (isHeard) return [ok("scripts and pub/sub work")];
  return [
    problem(
      "what is published does not arrive",
      "use one Redis and no proxy that leaves pub/sub out",
    ),
  ];
}

/** True when `start` calls back in time. */
function within(milliseconds: number, start: (resolve: () => void) => void): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  start(() => resolve(true));
  return promise.finally(() => clearTimeout(timer));
}
