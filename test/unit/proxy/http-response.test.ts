import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createResponseReader, type ResponseHead } from "../../../proxy/platforms/http-response.ts";

/** Feeds the response in these pieces. */
function read(...pieces: Array<string | Buffer>) {
  let head: ResponseHead | null = null;
  const body: Buffer[] = [];
  const reader = createResponseReader({
    onHead: (read) => (head = read),
    onBody: (bytes, start, end) => body.push(Buffer.from(bytes.subarray(start, end))),
  });
  for (const piece of pieces) reader.feed(Buffer.from(piece));
  const { status, headers } = (head ?? {}) as Partial<ResponseHead>;
  return {
    status,
    headers: headers && Object.fromEntries(headers),
    body: Buffer.concat(body).toString(),
    isWhole: reader.isWhole(false),
    isWholeAtEnd: reader.isWhole(true),
  };
}

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

describe("a response", () => {
  test("has a status, and headers by their names in lower case", () => {
    expect(read("HTTP/1.1 503 Down\r\nRetry-After:  7 \r\nX-Empty:\r\n\r\n")).toMatchObject({
      status: 503,
      headers: { "retry-after": "7", "x-empty": "" },
    });
  });

  test.each([
    ["chunks", `${CHUNKED}5\r\nhello\r\n1;name=value\r\n!\r\n0\r\n\r\n`, "hello!"],
    ["chunks and trailers", `${CHUNKED}2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n`, "hi"],
    ["a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"],
    ["a length of 0", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""],
    ["no content", "HTTP/1.1 204 No Content\r\n\r\n", ""],
    ["lines that end in LF alone", "HTTP/1.1 200\nContent-Length: 2\n\nhi", "hi"],
  ])("with %s knows its own end, wherever its bytes are cut", (_, bytes, body) => {
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, index) => bytes.slice(places[index], end));

        expect(read(...pieces)).toMatchObject({ body, isWhole: true, isWholeAtEnd: true });
      }),
    );
    expect(read(bytes.slice(0, -1))).toMatchObject({ isWhole: false, isWholeAtEnd: false });
  });

  test("without a length ends with its connection", () => {
    expect(read("HTTP/1.0 200 OK\r\n\r\nhel", "lo")).toMatchObject({
      body: "hello",
      isWhole: false,
      isWholeAtEnd: true,
    });
  });

  test("hands out each part of a chunk when it comes", () => {
    expect(read(`${CHUNKED}ff\r\nthe first few`)).toMatchObject({ body: "the first few" });
  });

  test("may be announced by others", () => {
    const early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";

    expect(read(`${early}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi`)).toMatchObject({
      status: 200,
      headers: { "content-length": "2" },
      body: "hi",
    });
  });

  test("is over where it says so, whatever follows", () => {
    expect(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi there").body).toBe("hi");
  });

  test.each([
    ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "not HTTP/1.1"],
    ["HTTP/2", "HTTP/2 200\r\n\r\n", "not HTTP/1.1"],
    ["a header without a name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n", "a header that is none"],
    ["a folded header", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "a header that is none"],
    ["a space before the colon", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "a header that is none"],
    ["a wrong length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "wrong content-length"],
    ["another coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "unknown transfer"],
    ["a chunk size that is none", `${CHUNKED}0x5\r\nhello`, "wrong chunk size"],
    ["a chunk size beyond all chunks", `${CHUNKED}fffffffff\r\n`, "wrong chunk size"],
    ["a chunk longer than its size", `${CHUNKED}2\r\nhello\r\n`, "another size"],
    ["a head without end", `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(10_000)}`, "too long"],
    ["a line without end", `HTTP/1.1 200 OK\r\nX: ${"y".repeat(40_000)}`, "too long"],
    ["a size line without end", `${CHUNKED}1;${"x".repeat(2000)}`, "too long"],
    ["trailers without end", `${CHUNKED}0\r\n${"X: y\r\n".repeat(10_000)}`, "too long"],
  ])("with %s is refused", (_, bytes, problem) => {
    expect(() => read(bytes)).toThrow(problem);
  });
});
