import { pairRuns } from "./emphasis.ts";
import { readTarget, toLink } from "./link.ts";
import { type InlineNode, emit, isBracket, isRun, sizeOf, toLiteral } from "./nodes.ts";
import type { Sink } from "./sink.ts";
import { MAX_ADDRESS, type Token, readToken, token } from "./tokens.ts";

/** Text that may wait for the end of its emphasis or label, in the units of `sizeOf`. */
const MAX_HELD = 500;

export type Inline = { write(text: string): void; end(): void };

/**
 * Parses the text of one paragraph, heading or cell, one character after another: what is decided
 * goes to the sink at once; what may still turn out to be markup is held back, within bounds.
 */
export function createInline(sink: Sink): Inline {
  let unread = "";
  let before = "";
  let held: InlineNode[] = [];

  function read(ended: boolean): void {
    while (unread) {
      const next = unread.startsWith("]")
        ? closeBracket(ended || unread.length > MAX_ADDRESS)
        : readToken({ rest: unread, before, ended });
      if (!next) return;
      before = Array.from(unread.slice(0, next.length).slice(-2)).at(-1) ?? "";
      unread = unread.slice(next.length);
      hold(next.nodes);
      release();
    }
  }

  function closeBracket(final: boolean): Token | undefined {
    const index = held.findLastIndex(isBracket);
    const opener = held[index];
    if (!isBracket(opener)) return token(1, "]");
    const target = readTarget(unread.slice(1));
    if (target === undefined && !final) return undefined;
    if (!target) {
      held[index] = toLiteral(opener);
      return token(1, "]");
    }
    const label = held.splice(index).slice(1);
    pairRuns(label);
    // No link may become one around this link; an image may.
    if (opener.bracket === "[") {
      held = held.map((node) => (isBracket(node) && node.bracket === "[" ? "[" : node));
    }
    return token(target.length + 1, ...toLink(label.map(toLiteral), target.address, target.title));
  }

  function hold(nodes: readonly InlineNode[]): void {
    for (const node of nodes) {
      const last = held.at(-1);
      if (typeof node === "string" && typeof last === "string") held[held.length - 1] = last + node;
      else held.push(node);
    }
  }

  /** Emits what stands before the first undecided node; if too much waits, that node is text. */
  function release(): void {
    for (;;) {
      // A label binds tighter than emphasis: no run is paired across a bracket that may be one.
      if (!held.some(isBracket)) pairRuns(held);
      const undecided = held.findIndex((node) => isBracket(node) || (isRun(node) && node.opens));
      emit(held.splice(0, undecided < 0 ? held.length : undecided), sink);
      const [first] = held;
      if (first === undefined || sizeOf(held) <= MAX_HELD) return;
      held[0] = toLiteral(first);
    }
  }

  return {
    write(text) {
      for (const character of text) {
        unread += character;
        read(false);
      }
    },
    end() {
      read(true);
      emit(held, sink);
      held = [];
    },
  };
}
