import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createRedis, type RedisConnection } from "../../../proxy/redis/connection.ts";
import { defineScript } from "../../../proxy/redis/scripts.ts";
import { closeLater } from "../../support/close-later.ts";
import { startRedis } from "../../support/redis.ts";

const WAIT = { timeout: 10_000, interval: 10 };

type Connection = RedisConnection & { log: string[]; changes: string[] };

/** Connected to `url`, with everything it logs and every change of its state. */
function connect(url: string): Connection {
  const log: string[] = [];
  const write = (line: string): void => void log.push(line);
  const redis = createRedis(url, pino({ level: "debug" }, { write }));
  const changes: string[] = [];
  redis.onUp(() => changes.push("up"));
  redis.onDown(() => changes.push("down"));
  closeLater(() => redis.close());
  return { ...redis, log, changes };
}

const untilUp = (redis: RedisConnection): Promise<void> =>
  expect.poll(() => redis.isUp(), WAIT).toBe(true);
const untilDown = (redis: RedisConnection): Promise<void> =>
  expect.poll(() => redis.isUp(), WAIT).toBe(false);

/** Milliseconds until `run` fails. */
async function failsWithin(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await expect(run()).rejects.toThrow();
  return performance.now() - start;
}

describe("a connection", () => {
  it("tells when it is up, and takes commands from then on", async () => {
    const redis = connect((await startRedis()).url);
    expect(redis.isUp()).toBe(false);
    await untilUp(redis);
    await redis.commands.set(redis.key("name"), "Ada");
    expect(await redis.commands.get("lex-chat:name")).toBe("Ada");
    expect(redis.changes).toEqual(["up"]);
  });

  it("goes through a unix socket, into the database of its address", async () => {
    const server = await startRedis();
    const [third, first] = [connect(`${server.socketUrl}?db=3`), connect(server.url)];
    await Promise.all([third, first].map(untilUp));
    await third.commands.set("name", "Ada");
    expect(await first.commands.get("name")).toBeNull();
    await first.commands.select(3);
    expect(await first.commands.get("name")).toBe("Ada");
  });

  it("never uses another database than its own", async () => {
    const { url } = await startRedis();
    const redis = connect(`${url}/99`);
    await expect.poll(() => redis.log.join(), WAIT).toContain("DB index is out of range");
    expect(redis.isUp()).toBe(false);
    expect(redis.changes).toEqual([]);
  });

  it("waits for a Redis that is not there yet, and says so once, without its password", async () => {
    const server = await startRedis({ password: "hunter2" });
    await server.kill();
    const redis = connect(server.url);
    await expect.poll(() => redis.log.length, WAIT).toBe(1);
    expect(redis.log[0]).toContain("ECONNREFUSED");
    await server.start();
    await untilUp(redis);
    expect(redis.log.join()).not.toContain("hunter2");
  });

  it("logs no password that is refused", async () => {
    const { url } = await startRedis({ password: "hunter2" });
    const redis = connect(url.replace("hunter2", "hunter3"));
    await expect.poll(() => redis.log.join(), WAIT).toContain("WRONGPASS");
    expect(redis.log.join()).not.toMatch(/hunter\d/);
    expect(redis.isUp()).toBe(false);
  });

  it("fails commands at once while Redis is away, and works again when it is back", async () => {
    const server = await startRedis();
    const redis = connect(server.url);
    await untilUp(redis);
    await server.kill();
    await untilDown(redis);
    expect(await failsWithin(() => redis.commands.get("name"))).toBeLessThan(500);
    await server.start();
    await untilUp(redis);
    expect(await redis.commands.get("name")).toBeNull();
    expect(redis.changes).toEqual(["up", "down", "up"]);
  });

  it("does not send a command again that was cut off", async () => {
    const server = await startRedis({ isDurable: true });
    const redis = connect(server.url);
    await untilUp(redis);
    server.freeze();
    const cut = redis.commands.incr("count");
    const failed = expect(cut).rejects.toThrow();
    await server.kill();
    await failed;
    await server.start();
    await untilUp(redis);
    expect(await redis.commands.get("count")).toBeNull();
  });

  it("takes a frozen Redis for one that is away, until it moves again", async () => {
    const server = await startRedis();
    const redis = connect(server.url);
    await untilUp(redis);
    server.freeze();
    expect(await failsWithin(() => redis.commands.get("name"))).toBeLessThan(3000);
    await untilDown(redis);
    expect(await failsWithin(() => redis.commands.get("name"))).toBeLessThan(500);
    server.thaw();
    await untilUp(redis);
    expect(await redis.commands.get("name")).toBeNull();
  });

  it("notices a frozen Redis when nobody asks for anything", async () => {
    const server = await startRedis();
    const redis = connect(server.url);
    await untilUp(redis);
    server.freeze();
    await untilDown(redis);
    server.thaw();
    await untilUp(redis);
  });

  it("tells a listener nothing any more once it has ended", async () => {
    const server = await startRedis();
    const redis = connect(server.url);
    const heard: string[] = [];
    const end = redis.onUp(() => heard.push("up"));
    await untilUp(redis);
    end();
    await redis.commands
      .call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")
      .catch(() => undefined);
    await expect.poll(() => redis.changes, WAIT).toEqual(["up", "down", "up"]);
    expect(heard).toEqual(["up"]);
  });

  it("closes after the answers under way, and does not call that being away", async () => {
    const redis = connect((await startRedis()).url);
    await untilUp(redis);
    const last = redis.commands.set("name", "Ada");
    await redis.close();
    expect(await last).toBe("OK");
    await expect.poll(() => redis.commands.status, WAIT).toBe("end");
    expect(redis.log.join()).not.toContain("away");
  });
});

describe("a channel", () => {
  it("reaches every listener of every process, until each one ends", async () => {
    const { url } = await startRedis();
    const [one, two] = [connect(url), connect(url)];
    await Promise.all([one, two].map(untilUp));
    const heard: string[] = [];
    const name = one.channel("news");
    const ends = await Promise.all([
      one.subscribe(name, (message) => heard.push(`a ${message}`)),
      one.subscribe(name, (message) => heard.push(`b ${message}`)),
      two.subscribe(name, (message) => heard.push(`c ${message}`)),
    ]);
    expect(await one.commands.publish(name, "1")).toBe(2);
    await expect.poll(() => heard.toSorted(), WAIT).toEqual(["a 1", "b 1", "c 1"]);
    ends[0]?.();
    ends[0]?.();
    expect(await two.commands.publish(name, "2")).toBe(2);
    await expect.poll(() => heard.length, WAIT).toBe(5);
    ends[1]?.();
    await expect.poll(() => two.commands.publish(name, "3"), WAIT).toBe(1);
    expect(heard).not.toContain("a 2");
  });

  it("belongs to one database", async () => {
    const { url } = await startRedis();
    const [zero, one] = [connect(url), connect(`${url}/1`)];
    await Promise.all([zero, one].map(untilUp));
    expect(zero.channel("news")).not.toBe(one.channel("news"));
  });

  it("is there again before anybody is told that Redis is up", async () => {
    const server = await startRedis();
    const redis = connect(server.url);
    await untilUp(redis);
    const heard: string[] = [];
    const name = redis.channel("news");
    await redis.subscribe(name, (message) => heard.push(message));
    const receivers: Array<Promise<number>> = [];
    redis.onUp(() => receivers.push(redis.commands.publish(name, "back")));
    await server.kill();
    await untilDown(redis);
    await expect(redis.subscribe(redis.channel("more"), () => undefined)).rejects.toThrow("away");
    await server.start();
    await expect.poll(() => heard, WAIT).toEqual(["back"]);
    expect(await Promise.all(receivers)).toEqual([1]);
  });

  it("alone lost its connection: Redis counts as away until it is back", async () => {
    const { url } = await startRedis();
    const redis = connect(url);
    await untilUp(redis);
    const heard: string[] = [];
    const name = redis.channel("news");
    await redis.subscribe(name, (message) => heard.push(message));
    await redis.commands.call("CLIENT", "KILL", "TYPE", "pubsub");
    await expect.poll(() => redis.changes, WAIT).toEqual(["up", "down", "up"]);
    await redis.commands.publish(name, "1");
    await expect.poll(() => heard, WAIT).toEqual(["1"]);
  });
});

describe("a script", () => {
  const add = defineScript<[counter: string], [by: number], number>(
    "test-add",
    'return redis.call("incrby", KEYS[1], ARGV[1])',
  );
  const refuse = defineScript<[], [], never>("test-refuse", 'return redis.error_reply("NO no")');

  it("is done in one step, and knows its keys from its arguments", async () => {
    const redis = connect((await startRedis()).url);
    await untilUp(redis);
    const sums = await Promise.all([1, 2, 3].map((by) => add(redis, ["counter"], [by])));
    expect(sums).toEqual([1, 3, 6]);
  });

  it("is sent again to a Redis that has forgotten it", async () => {
    const redis = connect((await startRedis()).url);
    await untilUp(redis);
    await add(redis, ["counter"], [1]);
    await redis.commands.script("FLUSH");
    expect(await add(redis, ["counter"], [1])).toBe(2);
  });

  it("rejects with its own error", async () => {
    const redis = connect((await startRedis()).url);
    await untilUp(redis);
    await expect(refuse(redis, [], [])).rejects.toThrow("NO no");
  });
});
