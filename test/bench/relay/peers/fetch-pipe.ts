/** A route as people write it by hand: fetch with the key, the body piped through. `node fetch-pipe.ts <platform> <key>` */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import express from "express";

const [platform = "", key = ""] = process.argv.slice(2);

const app = express();
app.use(async (request, response) => {
  const leaving = new AbortController();
  response.on("close", () => leaving.abort());
  const answer = await fetch(platform + request.url, {
    method: request.method,
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: request.method === "POST" ? await text(request) : null,
    signal: leaving.signal,
  });
  response.status(answer.status).type(answer.headers.get("content-type") ?? "text/plain");
  try {
    for await (const bytes of answer.body ?? []) {
      if (!response.write(bytes)) await once(response, "drain", leaving);
    }
    response.end();
  } catch {
    response.destroy();
  }
});
const server = app.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
