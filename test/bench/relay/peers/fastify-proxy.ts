/** @fastify/http-proxy with the key added. `node fastify-proxy.ts <platform> <key>` */
import proxy from "@fastify/http-proxy";
import fastify from "fastify";

const [upstream = "", key = ""] = process.argv.slice(2);

const app = fastify();
await app.register(proxy, {
  upstream,
  // By default 128 connections, and none that is silent for five minutes.
  undici: { connections: null, bodyTimeout: 0 },
  replyOptions: {
    rewriteRequestHeaders: (_request, headers) => ({ ...headers, authorization: `Bearer ${key}` }),
  },
});
console.log(await app.listen({ port: 0, host: "127.0.0.1" }));
