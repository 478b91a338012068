import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** The raw bytes that a request is answered with, and how its connection ended. */
export function openRaw(port: number, request: string) {
  const socket: Socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const pieces: Buffer[] = [];
  const ended = new Promise<string>((resolve) => {
    socket.on("end", () => resolve("end"));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "no code"));
  });
  const waiting = new Set<() => void>();
  socket.on("data", (piece) => {
    pieces.push(piece as Buffer);
    for (const check of waiting) check();
  });
  socket.write(request);
  const bytes = () => Buffer.concat(pieces);
  return {
    pieces,
    bytes,
    ended,
    until: (text: string) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (!bytes().includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}
