/** A real redis-server on a free port, for one test file. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { closeLater } from "./close-later.ts";

const START_MS = 10_000;

export type RedisSearch = {
  /** `REDIS_SERVER` of the environment: a path that wins, and that must exist. */
  chosen?: string | undefined;
  path?: string | undefined;
  exists?: (path: string) => boolean;
};

/** The redis-server that the tests use, or null. Throws if `REDIS_SERVER` names a missing file. */
export function findRedis(search: RedisSearch = {}): string | null {
  const {
    chosen = process.env.REDIS_SERVER,
    path = process.env.PATH,
    exists = existsSync,
  } = search;
  if (chosen) {
    if (exists(chosen)) return chosen;
    throw new Error(`REDIS_SERVER is ${chosen}, and there is no such file: correct or unset it.`);
  }
  const folders = [...(path ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];
  return folders.map((folder) => join(folder, "redis-server")).find((file) => exists(file)) ?? null;
}

export type RedisOptions = {
  /** Writes each command to disk before it is answered, so that `kill` and `start` lose nothing. */
  isDurable?: boolean;
  password?: string;
};

export type TestRedis = Awaited<ReturnType<typeof startRedis>>;

/** Starts it and waits until it answers. Killed when the test file ends. */
export async function startRedis(options: RedisOptions = {}) {
  const program = findRedis();
  if (program === null) throw new Error("No redis-server found: run `npm test` to set one up.");
  const folder = mkdtempSync(join(tmpdir(), "lex-chat-redis-"));
  const socket = join(folder, "redis.sock");
  const port = await findPort();
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const { isDurable = false, password } = options;
    const settings = {
      port: String(port),
      bind: "127.0.0.1",
      unixsocket: socket,
      dir: folder,
      save: "",
      appendonly: isDurable ? "yes" : "no",
      appendfsync: "always",
      ...(password !== undefined && { requirepass: password }),
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const started = spawn(program ?? "", args, { stdio: "ignore" });
    server = started;
    const deadline = Date.now() + START_MS;
    while (!(await answers(port))) {
      if (started.exitCode !== null || Date.now() > deadline)
        throw new Error(`redis-server does not start on port ${port}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** kill -9; it keeps nothing that is not on disk. */
  async function kill(): Promise<void> {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, "exit");
    server.kill("SIGKILL");
    await exited;
  }

  await start();
  closeLater(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const credentials = options.password === undefined ? "" : `:${options.password}@`;
  return {
    url: `redis://${credentials}127.0.0.1:${port}`,
    /** The same server through its unix socket. */
    socketUrl: `unix://${socket}`,
    kill,
    /** After `kill`, on the same port. */
    start,
    /** SIGSTOP: its connections stand, and nothing answers. */
    freeze: () => void server?.kill("SIGSTOP"),
    /** SIGCONT: it does now what it was sent while it stood. */
    thaw: () => void server?.kill("SIGCONT"),
  };
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** It pongs, or asks for a password; while it loads its data it does neither. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [reply] = (await once(socket, "data")) as [Buffer];
    return /^(\+PONG|-NOAUTH)/.test(reply.toString());
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
