/** Ways in which the stand-in's streams break, one after the other at random; a seed gives the same again. */
import type { Socket } from "node:net";
import type { Streams } from "./streams.ts";

/** A stream is silent for so long before its connection breaks. */
const STALL_MS = 5000;
/** After all connections broke at once, new streams are refused for so long. */
const DOWN_MS = 2000;

export type BreakingOptions = { breaksPerSecond: number; seed: number };

/** `breaksPerSecond` 0: nothing breaks. */
export function startBreaking(streams: Streams, { breaksPerSecond, seed }: BreakingOptions) {
  const random = createRandom(seed);
  let count = 0;
  let downUntil = 0;

  const BREAKS: ReadonlyArray<(socket: Socket) => void> = [
    (socket) => socket.resetAndDestroy(),
    // The last chunk, and so the body, has come to its end.
    (socket) => socket.end("0\r\n\r\n"),
    (socket) => socket.end('40\r\nevent: message:chunk\ndata: {"messageId":"'),
    (socket) => socket.write(Buffer.from("9\r\ndata: \xff\n\n\r\n", "latin1")),
    (socket) => streams.disturb(socket, "skipped"),
    (socket) => streams.disturb(socket, "doubled"),
    (socket) => {
      streams.disturb(socket, "stalled");
      setTimeout(() => socket.resetAndDestroy(), STALL_MS);
    },
  ];

  function breakOne(): void {
    const socket = pick([...streams.all], random);
    if (!socket) return;
    pick(BREAKS, random)?.(socket);
    count += 1;
  }

  function restart(): void {
    downUntil = Date.now() + DOWN_MS;
    for (const socket of streams.all) socket.resetAndDestroy();
    count += 1;
  }

  if (breaksPerSecond > 0) {
    setInterval(breakOne, 1000 / breaksPerSecond);
    setInterval(() => random() < 1 / 30 && restart(), 1000);
  }
  return { count: (): number => count, isDown: (): boolean => Date.now() < downUntil };
}

const pick = <Item>(items: readonly Item[], random: () => number): Item | undefined =>
  items[Math.floor(random() * items.length)];

/** Mulberry32: numbers in [0, 1). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
