/** What the middleware's own page shows, and no more: an Express app that adds the key. `node express-middleware.ts <platform> <key>` */
import { Agent } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { createProxyMiddleware } from "http-proxy-middleware";

const [target = "", key = ""] = process.argv.slice(2);
// By default at most 256 connections to the platform, which every further viewer would wait for.
const agent = new Agent({ keepAlive: true });
const headers = { authorization: `Bearer ${key}` };

const app = express();
app.use(createProxyMiddleware({ target, changeOrigin: true, headers, agent }));
const server = app.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
