import { expect, test } from "vitest";
import { parseRedisUrl } from "../../../proxy/redis/url.ts";

test.each([
  ["redis://cache", { host: "cache", port: 6379, db: 0 }],
  ["redis://cache:6380/4", { host: "cache", port: 6380, db: 4 }],
  ["redis://:p%40ss@cache/", { host: "cache", port: 6379, db: 0, password: "p@ss" }],
  [
    "redis://chat:secret@[::1]:6380",
    { host: "::1", port: 6380, db: 0, username: "chat", password: "secret" },
  ],
  ["rediss://cache", { host: "cache", port: 6379, db: 0, tls: { servername: "cache" } }],
  ["unix:///run/redis.sock", { path: "/run/redis.sock", db: 0 }],
  [
    "unix:///run/my%20redis.sock?db=3&username=chat&password=s",
    { path: "/run/my redis.sock", db: 3, username: "chat", password: "s" },
  ],
])("%s is read", (url, address) => {
  expect(parseRedisUrl(url)).toEqual(address);
});

test.each([
  ["cache:6379", "use an address such as redis://"],
  ["redis://", "use an address such as redis://"],
  ["redis://cache:65536", "use an address such as redis://"],
  ["https://cache", "use an address such as redis://"],
  ["redis://cache/chat", "the database is a number"],
  ["redis://cache/-1", "the database is a number"],
  ["redis://cache?db=1", "leave out query and fragment"],
  ["redis://:50%@cache", "as %25"],
  ["unix://run/redis.sock", "a socket's path is absolute"],
  ["unix:///", "a socket's path is absolute"],
  ["unix:///run/redis.sock?database=1", "may have db, username and password"],
])("%s is refused with the fix", (url, fix) => {
  expect(() => parseRedisUrl(url)).toThrow(fix);
});

test("a refusal never names a password", () => {
  for (const url of ["http://:hunter2@cache", "redis://:hunter2%@cache", "redis://:hunter2@c/x"])
    expect(() => parseRedisUrl(url)).toThrow(/^(?!.*hunter2)/);
});
