/**
 * Reads one HTTP/1.1 response as its bytes come (RFC 9112, sections 4 to 7), with nothing in between: for
 * a stream of small pieces Node's own layers cost more for each piece than all that is done with it. Pure.
 */

const MAX_HEAD_BYTES = 32 * 1024;
/** What may follow a chunk's size: its extensions. */
const MAX_SIZE_LINE_BYTES = 1024;
const MAX_SIZE_DIGITS = 8;
const [CR, LF, SEMICOLON, SPACE] = [0x0d, 0x0a, 0x3b, 0x20];

const TOO_LONG = "the head of the response is too long";
const WRONG_SIZE = "the response has a wrong chunk size";

export type ResponseHead = {
  status: number;
  /** Names in lower case; of a repeated one the last value. */
  headers: ReadonlyMap<string, string>;
};

export type ResponseReader = {
  /** The bytes are the caller's again afterwards. Throws when they are no HTTP/1.1 response. */
  feed: (bytes: Buffer) => void;
  /** All of it has come; with the connection's end as the body's end that is not known before. */
  isWhole: (connectionHasEnded: boolean) => boolean;
};

export type ResponseHandlers = {
  onHead: (head: ResponseHead) => void;
  /** A part of the body: `bytes` from `start` to before `end`. */
  onBody: (bytes: Buffer, start: number, end: number) => void;
};

type State = "head" | "size" | "size-end" | "data" | "data-end" | "trailers" | "rest" | "whole";

export function createResponseReader(handlers: ResponseHandlers): ResponseReader {
  let state: State = "head";
  /** Of the head, of a size or of the trailers: what came of a line that goes on in later bytes. */
  let line = "";
  /** Bytes of the body, or of its chunk, that are still to come. */
  let left = 0;
  let isChunked = false;
  let digits = 0;
  let lineBytes = 0;
  let head: string[] = [];

  /** The line that ends in these bytes, or null: then it is kept. `at` is moved behind it. */
  function takeLine(bytes: Buffer, cursor: Cursor, maxBytes: number): string | null {
    const end = bytes.indexOf(LF, cursor.at);
    const stop = end < 0 ? bytes.length : end + 1;
    lineBytes += stop - cursor.at;
    if (lineBytes > maxBytes) throw new Error(TOO_LONG);
    line += bytes.toString("latin1", cursor.at, stop);
    cursor.at = stop;
    if (end < 0) return null;
    const whole = line.replace(/\r?\n$/, "");
    line = "";
    return whole;
  }

  function takeHead(bytes: Buffer, cursor: Cursor): void {
    const whole = takeLine(bytes, cursor, MAX_HEAD_BYTES);
    if (whole === null) return;
    if (whole !== "") return void head.push(whole);
    const parsed = parseHead(head);
    head = [];
    lineBytes = 0;
    // Only tells that the answer is to come (RFC 9110, section 15.2).
    if (parsed.status < 200) return;
    begin(parsed);
    handlers.onHead(parsed);
  }

  function begin({ status, headers }: ResponseHead): void {
    const coding = headers.get("transfer-encoding");
    const length = headers.get("content-length");
    isChunked = coding !== undefined;
    if (isChunked && coding?.toLowerCase() !== "chunked")
      throw new Error("the response is in an unknown transfer coding");
    if (length !== undefined && !/^\d{1,15}$/.test(length))
      throw new Error("the response has a wrong content-length");
    left = Number(length);
    if (status === 204 || status === 304) state = "whole";
    else if (isChunked) beginSize();
    else if (length === undefined) state = "rest";
    else state = left === 0 ? "whole" : "data";
  }

  /** Digit by digit: there is one size for each piece of an answer. */
  function takeSize(bytes: Buffer, cursor: Cursor): void {
    for (; cursor.at < bytes.length; cursor.at += 1) {
      const digit = toDigit(bytes[cursor.at]);
      if (digit < 0) return endSize(bytes, cursor);
      left = left * 16 + digit;
      digits += 1;
      if (digits > MAX_SIZE_DIGITS) throw new Error(WRONG_SIZE);
    }
  }

  /** What follows the digits: extensions, which mean nothing here, and the line's end. */
  function endSize(bytes: Buffer, cursor: Cursor): void {
    const byte = bytes[cursor.at];
    if (digits === 0 || (byte !== CR && byte !== LF && byte !== SEMICOLON && byte !== SPACE))
      throw new Error(WRONG_SIZE);
    lineBytes = 0;
    state = "size-end";
  }

  function takeSizeEnd(bytes: Buffer, cursor: Cursor): void {
    const end = bytes.indexOf(LF, cursor.at);
    const stop = end < 0 ? bytes.length : end + 1;
    lineBytes += stop - cursor.at;
    if (lineBytes > MAX_SIZE_LINE_BYTES) throw new Error(TOO_LONG);
    cursor.at = stop;
    if (end < 0) return;
    lineBytes = 0;
    state = left === 0 ? "trailers" : "data";
  }

  function takeData(bytes: Buffer, cursor: Cursor): void {
    const start = cursor.at;
    const end = Math.min(bytes.length, start + left);
    left -= end - start;
    cursor.at = end;
    if (left === 0) state = isChunked ? "data-end" : "whole";
    handlers.onBody(bytes, start, end);
  }

  function beginSize(): void {
    state = "size";
    left = 0;
    digits = 0;
  }

  function takeDataEnd(bytes: Buffer, cursor: Cursor): void {
    const byte = bytes[cursor.at];
    cursor.at += 1;
    if (byte === LF) beginSize();
    else if (byte !== CR) throw new Error("the response has a chunk of another size than it says");
  }

  function takeTrailers(bytes: Buffer, cursor: Cursor): void {
    if (takeLine(bytes, cursor, MAX_HEAD_BYTES) === "") state = "whole";
  }

  function takeRest(bytes: Buffer, cursor: Cursor): void {
    const start = cursor.at;
    cursor.at = bytes.length;
    handlers.onBody(bytes, start, bytes.length);
  }

  const TAKE = {
    head: takeHead,
    size: takeSize,
    "size-end": takeSizeEnd,
    data: takeData,
    "data-end": takeDataEnd,
    trailers: takeTrailers,
    rest: takeRest,
    // Nothing may follow on a connection that is used once; what does is not read.
    whole: (bytes: Buffer, cursor: Cursor) => void (cursor.at = bytes.length),
  } satisfies Record<State, (bytes: Buffer, cursor: Cursor) => void>;

  return {
    feed(bytes) {
      const cursor = { at: 0 };
      while (cursor.at < bytes.length) TAKE[state](bytes, cursor);
    },
    isWhole: (connectionHasEnded) => state === "whole" || (connectionHasEnded && state === "rest"),
  };
}

type Cursor = { at: number };

/** The value of a hexadecimal digit, or -1. */
function toDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Throws when it is no head of HTTP/1.1. Reads what section 5 of RFC 9112 allows and nothing obsolete. */
function parseHead([statusLine = "", ...fields]: readonly string[]): ResponseHead {
  const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine) ?? [];
  if (status === undefined) throw new Error("the answer is not HTTP/1.1");
  const headers = new Map<string, string>();
  for (const field of fields) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(field) ?? [];
    if (name === undefined || value === undefined)
      throw new Error("the response has a header that is none");
    headers.set(name.toLowerCase(), value);
  }
  return { status: Number(status), headers };
}
