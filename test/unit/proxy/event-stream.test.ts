/** Against real servers, with bytes that a server of Node's would not write. */
import { getEventListeners, once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import tls from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { openEventStream, type EventStream } from "../../../proxy/platforms/event-stream.ts";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
const read = (name: string): string =>
  readFileSync(new URL(`../../fixtures/certificates/${name}`, import.meta.url), "utf8");

const closers: Array<() => void> = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function listen(server: Server): Promise<number> {
  server.listen(0);
  closers.push(() => server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A server that answers the request's bytes by hand. */
async function serve(answer: (socket: Socket, request: string) => void): Promise<URL> {
  const port = await listen(createServer((socket) => greet(socket, answer)));
  return new URL(`http://127.0.0.1:${port}/a/b?c=%20d`);
}

function greet(socket: Socket, answer: (socket: Socket, request: string) => void): void {
  closers.push(() => socket.destroy());
  socket.on("error", () => undefined);
  socket.once("data", (bytes) => answer(socket, bytes.toString()));
}

function open(
  url: URL,
  more: { method?: string; body?: string; headers?: object; signal?: AbortSignal } = {},
) {
  const { opened, destroy } = openEventStream({
    method: "GET",
    url,
    ...more,
    headers: { a: "b", ...more.headers },
  });
  closers.push(destroy);
  return opened;
}

async function textOf(stream: EventStream): Promise<string> {
  let all = "";
  await stream.read((text) => (all += text));
  return all;
}

describe("an event stream", () => {
  test("asks for its path, closes its connection, and sends what it is given", async () => {
    const asked = Promise.withResolvers<string>();
    const url = await serve((_socket, request) => asked.resolve(request));
    void open(url, { method: "POST", body: "ä" }).catch(() => undefined);

    expect(await asked.promise).toBe(
      `POST /a/b?c=%20d HTTP/1.1\r\nhost: ${url.host}\r\na: b\r\ncontent-length: 2\r\nconnection: close\r\n\r\nä`,
    );
  });

  test.each([
    ["comes to its end", `${HEAD}Content-Length: 2\r\n\r\nHi`],
    ["is cut off", `${HEAD}Content-Length: 20\r\n\r\nHi`],
    ["never begins", ""],
  ])("that %s listens to its caller's signal no longer", async (_name, answer) => {
    const { signal } = new AbortController();
    const url = await serve((socket) => socket.end(answer));
    const opening = open(url, { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await opening.then(textOf).catch(() => undefined);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("keeps what came with its head until somebody reads", async () => {
    const url = await serve((socket) => socket.end(`${HEAD}Content-Length: 5\r\n\r\nearly`));
    const stream = await open(url);
    await new Promise((resolve) => setImmediate(resolve));

    expect(stream).toMatchObject({ status: 200 });
    expect(await textOf(stream)).toBe("early");
  });

  test("does not take more than one read while nobody reads", async () => {
    const size = 64 * 1024 * 1024;
    const sent = Promise.withResolvers<Socket>();
    const url = await serve((socket) => {
      socket.write(`${HEAD}Content-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
      sent.resolve(socket);
    });
    const stream = await open(url);
    const socket = await sent.promise;
    await new Promise((resolve) => setImmediate(resolve));

    expect(socket.writableLength).toBeGreaterThan(0);
    expect((await textOf(stream)).length).toBe(size);
  });

  test("joins the bytes of signs that reads have split, wherever they did", async () => {
    const text = "a ä b 😀 c — ";
    const bytes = Buffer.from(text);
    const url = await serve(async (socket) => {
      socket.setNoDelay(true).write(`${HEAD}\r\n`);
      for (const size of [1, 2, 3, 5]) {
        for (let at = 0; at < bytes.length; at += size) {
          socket.write(bytes.subarray(at, at + size));
          await new Promise(setImmediate);
        }
      }
      socket.end();
    });

    expect(await textOf(await open(url))).toBe(text.repeat(4));
  });

  test("without a length ends with its connection", async () => {
    const url = await serve((socket) => socket.end(`${HEAD}\r\nall`));

    expect(await textOf(await open(url))).toBe("all");
  });

  test("ends where its last chunk is, though the server keeps the connection", async () => {
    const url = await serve((socket) => {
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`);
    });

    expect(await textOf(await open(url))).toBe("hi");
  });

  test.each([
    ["ends in a chunk", (socket: Socket) => socket.end("5\r\nhe"), "too early"],
    ["is reset", (socket: Socket) => socket.resetAndDestroy(), "ECONNRESET"],
    ["goes on as no HTTP", (socket: Socket) => socket.write("hello\r\n"), "chunk size"],
  ])("whose connection %s rejects", async (_, end, problem) => {
    const sent = Promise.withResolvers<Socket>();
    const url = await serve((socket) => {
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n`);
      sent.resolve(socket);
    });
    const [stream, socket] = [await open(url), await sent.promise];

    await expect(stream.read(() => void end(socket))).rejects.toThrow(problem);
  });

  test("that ends before its head rejects", async () => {
    const url = await serve((socket) => socket.end("HTTP/1.1 200 OK\r\n"));

    await expect(open(url)).rejects.toThrow("too early");
  });

  test("that nobody serves rejects with the connection's error", async () => {
    const port = await listen(createServer());
    closers.splice(0).forEach((close) => close());

    await expect(open(new URL(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({
      code: "ECONNREFUSED",
      syscall: "connect",
    });
  });

  test("ends with what its reader throws", async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((socket) => {
      socket.on("close", () => closed.resolve());
      socket.write(`${HEAD}\r\nhi`);
    });
    const stream = await open(url);
    const reading = stream.read(() => {
      throw new Error("too much");
    });

    await expect(reading).rejects.toThrow("too much");
    await closed.promise;
  });

  test("never lets a header bring another one", async () => {
    await expect(
      open(new URL("http://127.0.0.1:9/"), { headers: { authorization: "x\r\nhost: evil" } }),
    ).rejects.toThrow("Invalid character in header");
  });
});

describe("an event stream over TLS", () => {
  const certificate = read("localhost.pem");

  async function serveSecurely(): Promise<URL> {
    const keys = { cert: certificate, key: read("localhost.key.pem"), ALPNProtocols: ["http/1.1"] };
    const server = tls.createServer(keys, (socket) =>
      greet(socket, () => socket.end(`${HEAD}\r\n${socket.servername as string}: ä`)),
    );
    return new URL(`https://localhost:${await listen(server)}/`);
  }

  test("asks for the certificate by its name, and reads", async () => {
    const known = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...known, certificate]);
    closers.push(() => tls.setDefaultCACertificates(known));

    expect(await textOf(await open(await serveSecurely()))).toBe("localhost: ä");
  });

  test("is refused when its certificate is not known", async () => {
    await expect(open(await serveSecurely())).rejects.toMatchObject({
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
  });
});
