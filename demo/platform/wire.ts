import { setImmediate as turn } from "node:timers/promises";
import type { Response } from "express";
import type { Breaks } from "./breaks.ts";
import type { Lots } from "./lots.ts";

/** A reader with this many bytes unread has stopped reading: it is dropped, not buffered for ever. */
const MAX_UNREAD_BYTES = 1_048_576;
const HUGE_BYTES = 10 * 1024 * 1024;
/** How long an event waits for the one that is to overtake it. */
const OVERTAKE_MS = 50;

type Fault = Breaks["fault"] | "copy";
/** Drawn by lot. Not `huge`: an hour of it is mere load. */
const RANDOM_FAULTS: readonly Fault[] = ["end", "reset", "stall", "invalid", "copy"];

const HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-transform",
  Connection: "keep-alive",
  "X-Accel-Buffering": "no",
};

/** One event stream as its bytes go out, with whatever breaks on the way. */
export type Wire = {
  send: (frame: string) => void;
  comment: (text: string) => void;
  /** Ends the response after everything that was sent. */
  end: () => void;
};

/** Answers with 200 and the head of an event stream at once. */
export function openWire(response: Response, breaks: Breaks, lots: Lots): Wire {
  response.writeHead(200, HEADERS).flushHeaders();
  response.socket?.setNoDelay(true);
  let sent = 0;
  let lastFault: Breaks["fault"] = breaks.fault;
  let isBroken = false;
  let maxUnread = MAX_UNREAD_BYTES;
  let overtaken: { frame: string; timer: NodeJS.Timeout } | null = null;
  let stalled: Array<() => void> | null = null;
  let stallTimer: NodeJS.Timeout | undefined;
  const pieces: Buffer[] = [];
  let isWritingPieces = false;
  let isEnding = false;
  response.on("close", () => clearTimeout(stallTimer));

  const isOver = (): boolean => isBroken || response.destroyed || response.writableEnded;

  function put(bytes: Buffer): void {
    if (isOver()) return;
    if (stalled) stalled.push(() => put(bytes));
    else if (response.writableLength > maxUnread) response.destroy();
    else if (breaks.pieceBytes > 0 || isWritingPieces) void putPieces(bytes);
    else response.write(bytes);
  }

  /** One piece each turn of the event loop, so that they travel apart. */
  async function putPieces(bytes: Buffer): Promise<void> {
    pieces.push(bytes);
    if (isWritingPieces) return;
    isWritingPieces = true;
    for (let next = pieces.shift(); next; next = pieces.shift()) {
      const size = breaks.pieceBytes || next.length;
      for (let at = 0; at < next.length && !isOver(); at += size) {
        response.write(next.subarray(at, at + size));
        await turn();
      }
    }
    isWritingPieces = false;
    if (isEnding) finish();
  }

  function finish(): void {
    if (isOver()) return;
    if (stalled) stalled.push(finish);
    else if (isWritingPieces) isEnding = true;
    else response.end();
  }

  function stall(): void {
    if (stalled) return;
    stalled = [];
    stallTimer = setTimeout(() => {
      const held = stalled ?? [];
      stalled = null;
      for (const goOn of held) goOn();
    }, breaks.stallMs);
  }

  function suffer(fault: Fault, frame: string): void {
    if (isOver()) return;
    const bytes = Buffer.from(frame);
    const half = bytes.subarray(0, bytes.length / 2);
    switch (fault) {
      case "end":
        return void response.end(half);
      case "reset":
        isBroken = true;
        return void response.write(half, () => response.socket?.resetAndDestroy());
      case "stall":
        stall();
        return put(bytes);
      case "huge":
        maxUnread += HUGE_BYTES;
        return put(Buffer.from(swell(frame)));
      case "invalid":
        return put(garble(frame));
      case "copy":
        put(bytes);
        return put(bytes);
      case "none":
        return put(bytes);
    }
  }

  function write(frame: string): void {
    if (breaks.fault !== lastFault) sent = 0;
    lastFault = breaks.fault;
    const fault = sent === breaks.faultAfter ? breaks.fault : "none";
    sent += 1;
    for (let copy = 0; copy < breaks.copies; copy += 1) {
      suffer(fault === "none" ? (lots.draw(RANDOM_FAULTS) ?? "none") : fault, frame);
    }
  }

  function takeOvertaken(): string | undefined {
    clearTimeout(overtaken?.timer);
    const frame = overtaken?.frame;
    overtaken = null;
    return frame;
  }

  function overtake(frame: string): void {
    const earlier = takeOvertaken();
    if (earlier !== undefined) {
      write(frame);
      write(earlier);
    } else {
      const timer = setTimeout(() => {
        overtaken = null;
        write(frame);
      }, OVERTAKE_MS);
      overtaken = { frame, timer };
    }
  }

  return {
    send(frame) {
      if (breaks.order === "swapped" || overtaken) overtake(frame);
      else write(frame);
    },
    comment: (text) => put(Buffer.from(`: ${text}\n\n`)),
    end() {
      const last = takeOvertaken();
      if (last !== undefined) write(last);
      finish();
    },
  };
}

/** The same event, with ten megabytes in it that mean nothing. */
function swell(frame: string): string {
  return frame.replace("data: {", () => `data: {"filler":"${"x".repeat(HUGE_BYTES)}",`);
}

/** The event with bytes in its text, or at its end, that are no UTF-8. */
function garble(frame: string): Buffer {
  const text = /"(text|token|content|data)":"/.exec(frame);
  const at = text ? text.index + text[0].length : frame.trimEnd().length;
  const split = Buffer.byteLength(frame.slice(0, at));
  const bytes = Buffer.from(frame);
  return Buffer.concat([
    bytes.subarray(0, split),
    Buffer.from([0xff, 0xc3]),
    bytes.subarray(split),
  ]);
}
