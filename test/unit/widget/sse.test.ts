import { describe, expect, it } from "vitest";
import { createEventParser, type StreamEvent } from "../../../widget/transport/sse.ts";

function parse(...pieces: string[]) {
  const events: StreamEvent[] = [];
  const retries: number[] = [];
  const feed = createEventParser(
    (event) => events.push(event),
    (milliseconds) => retries.push(milliseconds),
  );
  for (const piece of pieces) feed(piece);
  return { events, retries };
}

const stream = `: welcome\n\nretry: 3000\n\nid: e-1\nevent: message:chunk\ndata: {"a":"ü: x"}\n\nid: e-2\ndata:one\ndata: two\n\n`;
const expected = {
  events: [
    { id: "e-1", event: "message:chunk", data: '{"a":"ü: x"}' },
    { id: "e-2", event: "", data: "one\ntwo" },
  ],
  retries: [3000],
};

describe("the event parser", () => {
  it("reads id, event, data of several lines, retry, and skips comments", () => {
    expect(parse(stream)).toEqual(expected);
  });

  it("reads the same from any two pieces", () => {
    for (let at = 0; at <= stream.length; at++) {
      expect(parse(stream.slice(0, at), stream.slice(at))).toEqual(expected);
    }
  });

  it("reads the same character by character", () => {
    expect(parse(...stream)).toEqual(expected);
  });

  it("gives no event that has not ended", () => {
    expect(parse("id: e-1\ndata: x\n").events).toEqual([]);
  });
});
