/** A real redis-server on a free port, for one test file. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { closeLater } from "./close-later.ts";
import { findPort, findProgram, makeFolder } from "./programs.ts";

const START_MS = 10_000;

/** The redis-server that the tests use, or null. */
export const findRedis = (): string | null => findProgram("redis-server");

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
  const folder = makeFolder();
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
  closeLater(kill);
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
