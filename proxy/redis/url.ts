/** Where a `REDIS_URL` leads to. Pure. */

export type RedisAddress = {
  host?: string;
  port?: number;
  /** A unix socket, instead of host and port. */
  path?: string;
  db: number;
  username?: string;
  password?: string;
  tls?: { servername: string };
};

const EXAMPLES = "redis://:password@host:6379/0, rediss://host:6380 or unix:///run/redis.sock?db=0";
const DEFAULT_PORT = 6379;

/**
 * `redis://` or `rediss://` (TLS) with user, password, host, port and `/database`, or
 * `unix:///path?db=…&username=…&password=…`. Throws an error that names the fix and never the value.
 */
export function parseRedisUrl(url: string): RedisAddress {
  if (!URL.canParse(url)) throw new Error(`use an address such as ${EXAMPLES}`);
  const parsed = new URL(url);
  if (parsed.protocol === "unix:") return parseSocket(parsed);
  if (!/^rediss?:$/.test(parsed.protocol) || parsed.hostname === "")
    throw new Error(`use an address such as ${EXAMPLES}`);
  if (parsed.search || parsed.hash) throw new Error("leave out query and fragment");
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  return {
    host,
    port: Number(parsed.port) || DEFAULT_PORT,
    db: parseDatabase(parsed.pathname.slice(1)),
    ...toCredentials(decode(parsed.username), decode(parsed.password)),
    ...(parsed.protocol === "rediss:" && { tls: { servername: host } }),
  };
}

function parseSocket({ host, pathname, searchParams }: URL): RedisAddress {
  if (host !== "" || pathname.length < 2)
    throw new Error("a socket's path is absolute: unix:///run/redis.sock");
  const unknown = [...searchParams.keys()].find(
    (name) => !["db", "username", "password"].includes(name),
  );
  if (unknown !== undefined) throw new Error("a socket's query may have db, username and password");
  return {
    path: decode(pathname),
    db: parseDatabase(searchParams.get("db") ?? ""),
    ...toCredentials(searchParams.get("username") ?? "", searchParams.get("password") ?? ""),
  };
}

function parseDatabase(text: string): number {
  if (!/^\d{0,9}$/.test(text)) throw new Error("the database is a number, as in redis://host/2");
  return Number(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error("write a % in user, password or path as %25");
  }
}

const toCredentials = (username: string, password: string) => ({
  ...(username !== "" && { username }),
  ...(password !== "" && { password }),
});
