/** Against a real socket: whether a reader keeps up is a matter of its buffers. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SSE_HEADERS } from "../../../proxy/relay/sse.ts";
import { openViewer, type Viewer, type ViewerOptions } from "../../../proxy/relay/viewer.ts";

const closers: Array<() => void> = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

type Open = { viewer: Viewer; response: ServerResponse; socket: Socket; text: () => string };

async function open(
  options: Partial<ViewerOptions> = {},
  prepare: (response: ServerResponse) => void = () => undefined,
): Promise<Open> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  closers.push(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
  prepare(response);
  const viewer = openViewer(response, { expiresAt: Date.now() + 60_000, ...options });
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  return { viewer, response, socket, text: () => text };
}

const closed = (viewer: Viewer): Promise<void> =>
  new Promise((resolve) => {
    viewer.onClose(resolve);
  });

describe("a viewer", () => {
  test("gets headers, opening and time to come back at once", async () => {
    const { text } = await open();

    await vi.waitFor(() => expect(text()).toContain("retry: 1000\n\n"));
    for (const [name, value] of Object.entries(SSE_HEADERS))
      expect(text()).toContain(`${name}: ${value}\r\n`);
  });

  test("gets its frames in order, as text or as bytes, and nothing between them", async () => {
    const { viewer, text } = await open();
    viewer.send("data: 1\n\n");
    viewer.send(Buffer.from("data: ä\n\n"));
    viewer.send("data: 3\n\n");

    await vi.waitFor(() => expect(text()).toMatch(/\n\ndata: 1\n\ndata: ä\n\ndata: 3\n\n$/));
  });

  test("sees no end of the stream but that of its connection", async () => {
    const { viewer, socket, text } = await open();
    const ended = once(socket, "end");
    viewer.send("data: 1\n\n");
    viewer.end();
    await ended;

    expect(text()).toMatch(/\r\nconnection: close\r\n/);
    expect(text()).not.toContain("transfer-encoding");
    expect(text()).toMatch(/data: 1\n\n$/);
  });

  test("gets its frames through a middleware that looks at all that is written", async () => {
    const { viewer, text } = await open({}, (response) => {
      const write = response.write.bind(response);
      response.write = (frame: unknown) => write(String(frame).toUpperCase());
    });
    viewer.send("data: shouted\n\n");

    await vi.waitFor(() => expect(text()).toContain("DATA: SHOUTED\n\n"));
  });

  test("gets a heartbeat that no event handler sees", async () => {
    const { text } = await open({ heartbeatMs: 20 });

    await vi.waitFor(() => expect(text()).toContain(": heartbeat\n\n"));
  });
});

describe("a viewer's first heartbeat", () => {
  const second = { heartbeatMs: 60_000 };

  test("comes after two seconds, so that a reader sees whether its stream is held back", async () => {
    const { text } = await open(second);
    const begunAt = Date.now();

    await vi.waitFor(() => expect(text()).toContain(": heartbeat\n\n"), 5000);
    expect(Date.now() - begunAt).toBeGreaterThan(1500);
  });

  test("does not give up who has not read a long snapshot yet", async () => {
    const { viewer, socket, response, text } = await open(second);
    socket.pause();
    viewer.send("x".repeat(8_000_000));
    viewer.send("data: what happens meanwhile\n\n");
    expect(response.socket?.writableNeedDrain).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(viewer.isClosed()).toBe(false);
    socket.resume();
    await vi.waitFor(() => expect(text().length).toBeGreaterThan(8_000_000), 5000);
  });
});

describe("it ends", () => {
  test("when the visitor leaves, told once to everybody who listens", async () => {
    const { viewer, socket } = await open();
    const listeners = [vi.fn(), vi.fn()];
    listeners.forEach((listener) => viewer.onClose(listener));
    socket.destroy();
    await closed(viewer);

    expect(viewer.isClosed()).toBe(true);
    for (const listener of listeners) expect(listener).toHaveBeenCalledTimes(1);
  });

  test("when its token expires", async () => {
    const { viewer, response } = await open({ expiresAt: Date.now() + 30 });
    await closed(viewer);

    expect(response.writableFinished).toBe(true);
  });

  test("not before its token expires, however far away that is", async () => {
    const { viewer } = await open({ expiresAt: Date.now() + 30 * 86_400_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(viewer.isClosed()).toBe(false);
  });

  test("with the time after which to come back", async () => {
    const { viewer, text } = await open();
    viewer.end(2500);
    await closed(viewer);

    await vi.waitFor(() => expect(text()).toContain("retry: 2500\n\n"));
  });

  test("for good: what is sent later goes nowhere and throws nothing", async () => {
    const { viewer } = await open();
    viewer.end();
    viewer.send("data: late\n\n");
    await closed(viewer);
    viewer.send("data: later\n\n");
    const late = vi.fn();
    viewer.onClose(late);

    expect(late).toHaveBeenCalledTimes(1);
  });
});

describe("a reader that does not read", () => {
  const MEGABYTE = "x".repeat(1024 * 1024);

  test("is dropped as soon as more than the cap waits for it", async () => {
    const onDrop = vi.fn();
    const { viewer, response, socket } = await open({ maxBufferedBytes: 1024 * 1024, onDrop });
    socket.pause();
    for (let count = 0; count < 64 && !response.destroyed; count += 1) {
      viewer.send(MEGABYTE);
      await new Promise(setImmediate);
    }

    expect(response.destroyed).toBe(true);
    await closed(viewer);
    expect(onDrop).toHaveBeenCalledExactlyOnceWith("slow");
  });

  test("is dropped when a whole heartbeat's time did not drain it", async () => {
    const onDrop = vi.fn();
    const { viewer, response, socket } = await open({
      onDrop,
      heartbeatMs: 50,
      maxBufferedBytes: Number.MAX_SAFE_INTEGER,
    });
    socket.pause();
    for (let count = 0; count < 16; count += 1) viewer.send(MEGABYTE);
    await closed(viewer);

    expect(response.destroyed).toBe(true);
    expect(onDrop).toHaveBeenCalledExactlyOnceWith("stalled");
  });

  test("and reads on in time is kept", async () => {
    const { viewer, socket } = await open({
      heartbeatMs: 500,
      maxBufferedBytes: Number.MAX_SAFE_INTEGER,
    });
    socket.pause();
    for (let count = 0; count < 16; count += 1) viewer.send(MEGABYTE);
    socket.resume();
    await new Promise((resolve) => setTimeout(resolve, 700));

    expect(viewer.isClosed()).toBe(false);
  });
});
