/** What people write by hand: adds the key and pipes, one platform stream for each viewer. `node plain-pipe.ts <platform> <key>` */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

const [platform = "", key = ""] = process.argv.slice(2);

const server = createServer((incoming, outgoing) => {
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const options = { method: incoming.method ?? "GET", headers };
  const upstream = request(new URL(incoming.url ?? "/", platform), options, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  upstream.on("error", () => outgoing.destroy());
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
});

server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
