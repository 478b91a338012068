/** The stand-in's open streams. Each event is encoded once, as one HTTP chunk, and goes to the bare sockets. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** What goes wrong with the next event on a connection; `stalled`: with all that follow. */
export type Fault = "skipped" | "doubled" | "stalled";

const HEADERS = { "content-type": "text/event-stream", "cache-control": "no-cache" };

export type Streams = ReturnType<typeof createStreams>;

export function createStreams() {
  const all = new Set<Socket>();
  const faults = new Map<Socket, Fault>();
  const byConversation = new Map<string, Set<Socket>>();

  function write(sockets: Iterable<Socket>, event: string, data: object): void {
    const frame = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    const chunk = Buffer.from(`${Buffer.byteLength(frame).toString(16)}\r\n${frame}\r\n`);
    for (const socket of sockets) writeTo(socket, chunk);
  }

  function writeTo(socket: Socket, chunk: Buffer): void {
    const fault = faults.get(socket);
    if (fault === undefined || fault === "doubled") socket.write(chunk);
    if (fault === "doubled") socket.write(chunk);
    if (fault !== "stalled") faults.delete(socket);
  }

  return {
    open(response: ServerResponse, conversationId: string, state: string): void {
      const { socket } = response;
      if (!socket) return;
      response.writeHead(200, HEADERS).flushHeaders();
      socket.setNoDelay(true);
      const sockets = byConversation.get(conversationId) ?? new Set();
      byConversation.set(conversationId, sockets.add(socket));
      all.add(socket);
      socket.on("close", () => {
        sockets.delete(socket);
        all.delete(socket);
        faults.delete(socket);
      });
      write([socket], "connected", { conversationId });
      write([socket], "conversation:init", { conversationId, state });
    },

    send(conversationId: string, event: string, data: object): void {
      write(byConversation.get(conversationId) ?? [], event, data);
    },

    all,
    disturb: (socket: Socket, fault: Fault): void => void faults.set(socket, fault),
  };
}
