/** The body of an HTTP/1.1 answer in chunks (RFC 9112, section 7.1), without trailers. Pure. */

export type ChunkedBody = {
  /** The part of the body in these further characters (one each byte). Throws when they are no chunks. */
  feed: (characters: string) => string;
};

export function createChunkedBody(): ChunkedBody {
  let unread = "";
  /** Characters of the chunk under way that have not come yet. */
  let missing = 0;

  function readSize(line: string): number {
    if (!/^[0-9a-f]+$/i.test(line))
      throw new Error(`not the size of a chunk: ${line.slice(0, 80)}`);
    return Number.parseInt(line, 16);
  }

  return {
    feed(characters) {
      let body = "";
      let at = 0;
      const given = unread + characters;
      unread = "";
      while (at < given.length) {
        const part = given.slice(at, at + missing);
        body += part;
        at += part.length;
        missing -= part.length;
        if (missing > 0 || at === given.length) return body;
        const end = given.indexOf("\r\n", at);
        if (end < 0) {
          unread = given.slice(at);
          return body;
        }
        // An empty line ends the chunk before; every other one begins the next.
        if (end > at) missing = readSize(given.slice(at, end));
        at = end + 2;
      }
      return body;
    },
  };
}
