import { fraction, integer, oneOf, readOptions, setting } from "./readers.ts";

const MAX_MS = 600_000;

/** What can befall a stream; `none` is the default. */
export const STREAM_FAULTS = ["none", "end", "reset", "stall", "huge", "invalid"] as const;

/**
 * How this platform breaks, by option: all off by default. They can be set at the start, as options or
 * flags (`--breakRate 0.002 --breakSeed 7` for a soak), and while it runs, by `platform.misbehave({…})`
 * or `POST /demo/misbehave` with any of them as JSON.
 */
export const BREAKS = {
  refuseMs: setting(
    integer(0, MAX_MS),
    0,
    "from the moment it is set: connections are cut, and refused for so long",
  ),
  restartMs: setting(
    integer(0, MAX_MS),
    0,
    "from the moment it is set: as if killed, and back after so long with what its database holds",
  ),
  fail: setting(
    ...oneOf(["none", "all", "conversations", "reply", "stream", "messages", "status"]),
    "the calls that are answered with failStatus. On Lexey conversations: opening one; reply: a message; messages: the history",
  ),
  failStatus: setting(integer(400, 599), 503, "the status of the calls that fail"),
  reply: setting(
    ...oneOf(["answered", "lost"]),
    "lost: a message is taken, and the connection reset instead of an answer",
  ),
  streamType: setting(
    ...oneOf(["events", "html"]),
    "html: a stream (on Lexey, a message) is answered with a page and status 200, and nothing else is done",
  ),
  fault: setting(
    ...oneOf(STREAM_FAULTS),
    "what befalls each stream once. end, reset: broken off in the middle of an event; stall: no byte, heartbeats included; huge: an event of 10 MB; invalid: bytes that are no UTF-8",
  ),
  faultAfter: setting(
    integer(0, 1_000_000),
    8,
    "how many events a stream brings before its fault, from when it is set",
  ),
  stallMs: setting(integer(1, MAX_MS), 60_000, "how long a stall lasts"),
  pieceBytes: setting(
    integer(0, 1_000_000),
    0,
    "streams come in pieces of so many bytes; 0: whole",
  ),
  copies: setting(integer(1, 10), 1, "how many times each event is written"),
  order: setting(
    ...oneOf(["kept", "swapped"]),
    "swapped: every second event overtakes the one before it",
  ),
  end: setting(
    ...oneOf(["told", "untold", "stuck", "never"]),
    "an answer's end. untold: stored and idle, without message:new, message:complete or [DONE]; stuck: stored, never idle; never: neither stored nor idle",
  ),
  agent: setting(
    ...oneOf(["answers", "fails"]),
    "fails: after faultAfter pieces of its answer; Lex apologises in the answer, Lexey tells an error event",
  ),
  afterError: setting(
    ...oneOf(["done", "nothing"]),
    "what follows Lexey's error event: [DONE] or not",
  ),
  ids: setting(
    ...oneOf(["rising", "missing", "unordered"]),
    "the ids of Lexey's events: 1, 2, 3, 4; none; 2, 1, 4, 3",
  ),
  history: setting(
    ...oneOf(["whole", "partial"]),
    "partial: an answer is in the history while it is written",
  ),
  breakRate: setting(
    fraction,
    0,
    "how likely each call and each event of a stream breaks, in a way that is drawn by lot",
  ),
  breakSeed: setting(integer(0, 2 ** 31), 1, "where the lots begin: the same seed, the same lots"),
};

/** What breaks at the moment. Read anew each time it matters: it changes while the platform runs. */
export type Breaks = { [Name in keyof typeof BREAKS]: (typeof BREAKS)[Name]["fallback"] };

/** Some of the breaks, checked. Throws one error that lists every problem. */
export function readBreaks(change: Record<string, unknown>): Partial<Breaks> {
  return readOptions(BREAKS, change, { failure: "The platform can't break like this" });
}

/** The breaks among a platform's settings. */
export function pickBreaks(settings: Breaks): Breaks {
  const names = Object.keys(BREAKS) as Array<keyof Breaks>;
  return Object.fromEntries(names.map((name) => [name, settings[name]])) as Breaks;
}
