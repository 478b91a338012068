/** What the reader of the benchmarks counts rests on these. */
import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { createChunkedBody } from "../../bench/relay/reader/chunked.ts";
import { createDelays } from "../../bench/relay/reader/delays.ts";
import { formatStamp, readStamps, type Stamp } from "../../bench/relay/stamps.ts";

describe("a body in chunks", () => {
  const encode = (chunk: string): string => `${chunk.length.toString(16)}\r\n${chunk}\r\n`;

  it("comes back whole, wherever the connection cuts it", () => {
    const chunks = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(chunks, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (parts, sizes) => {
        const body = createChunkedBody();
        let unsent = `${parts.map(encode).join("")}0\r\n\r\n`;
        let received = "";
        for (const size of sizes) {
          received += body.feed(unsent.slice(0, size));
          unsent = unsent.slice(size);
          if (unsent === "") break;
        }
        expect(received).toBe(parts.join(""));
      }),
    );
  });

  it("that is none is an error", () => {
    expect(() => createChunkedBody().feed("<html>\r\n")).toThrow("not the size of a chunk: <html>");
  });
});

test("stamps are read in order, however many stand together and whatever stands around them", () => {
  const stamps = [0, 1, 2].map((number) => ({ number, at: 14_000_000_000 + number }));
  const [first = "", ...others] = stamps.map(formatStamp);
  const found: Stamp[] = [];
  readStamps(`data: {"text":"${first}"}\n\ndata: {"text":"${others.join("")}"}\n\n`, (stamp) =>
    found.push(stamp),
  );
  expect(found).toEqual(stamps);
});

describe("delays", () => {
  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])("have the quantile %d at %d ms", (share, milliseconds) => {
    const delays = createDelays();
    for (let delay = 100; delay > 0; delay -= 1) delays.add(delay);
    expect(delays.quantile(share)).toBeCloseTo(milliseconds);
  });

  it("that are beyond all bounds count as the longest, none as none", () => {
    const delays = createDelays();
    expect(delays.quantile(0.5)).toBeNull();
    delays.add(1e9);
    expect(delays.quantile(0.5)).toBe(10_000);
    delays.clear();
    expect(delays.quantile(0.5)).toBeNull();
  });
});
