import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { describe, expect, it } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import { createChatProxy } from "../../../proxy/app.ts";
import { toRoute } from "../../../proxy/middleware/access-log.ts";
import { createOpenApi } from "../../../proxy/openapi/document.ts";
import type { Schema } from "../../../proxy/openapi/schema.ts";
import { API_KEY, call, closeLater, SESSION_SECRET, startProxy } from "../../support/proxy.ts";
import { OPERATIONS, problemsOf } from "./contract.ts";

const ADMIN_TOKEN = "admin-token-of-the-openapi-tests-0123456789";
const NOWHERE = "http://127.0.0.1:9";
const document = createOpenApi("/");
const operations = [...OPERATIONS.values()];

type Layer = {
  rawPath: string | string[];
  route?: { methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
};

/** Every route that Express knows: `get /api/conversations/{id}/stream`. */
function routesOf(stack: readonly Layer[], prefix = ""): string[] {
  return stack.flatMap(({ rawPath, route, handle }) => {
    const path = (prefix + String(rawPath)).replace(/\/+$/, "");
    const methods = Object.keys(route?.methods ?? {});
    return route
      ? methods.map((method) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`)
      : routesOf(handle.stack ?? [], path);
  });
}

const proxy = createChatProxy(
  {
    lexApiKey: API_KEY,
    sessionSecret: SESSION_SECRET,
    adminToken: ADMIN_TOKEN,
    logLevel: "silent",
    lexUrl: NOWHERE,
  },
  {},
);
closeLater(() => proxy.close());
const { stack } = (proxy.router as unknown as { router: { stack: Layer[] } }).router;

describe("the document and the app", () => {
  it("have the same calls", () => {
    // One handler passes on whatever stands below it.
    const own = operations.filter(({ path }) => !path.startsWith("/api/management/"));
    const calls = own.map(({ method, path }) => `${method} ${path}`);
    expect(calls.toSorted()).toEqual(routesOf(stack).toSorted());
    expect(calls.length).toBeGreaterThan(15);
  });

  it.each(operations.map(({ path }) => path))("%s has a name in the access log", (path) => {
    const example = path.replaceAll(/\{\w+\}/g, "x");
    expect(toRoute(example)).toBe(path.replaceAll(/\{(\w+)\}/g, ":$1"));
  });
});

describe("the document", () => {
  it("has the version of the package", () => {
    expect(document.info.version).toBe(packageJson.version);
  });

  it("is plain JSON: what is served is what was written", () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it("refers only to what it has", () => {
    const names = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference = ""]) => reference.replace("#/components/schemas/", ""),
    );
    expect(names.filter((name) => !(name in document.components.schemas))).toEqual([]);
    const unused = Object.keys(document.components.schemas).filter((name) => !names.includes(name));
    expect(unused).toEqual([]);
  });

  it("names components, operations, tags and security schemes by the rules of OpenAPI 3.1", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    for (const name of Object.keys(document.components.schemas))
      expect(name).toMatch(/^[a-zA-Z0-9._-]+$/);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    const schemes = Object.keys(document.components.securitySchemes);
    for (const { operation } of operations) {
      expect(tags).toEqual(expect.arrayContaining(operation.tags));
      const needed = (operation.security ?? []).flatMap((one) => Object.keys(one));
      expect(schemes).toEqual(expect.arrayContaining(needed));
    }
  });

  it.each(operations.map((each) => [`${each.method} ${each.path}`, each] as const))(
    "declares each parameter of %s once, with a schema, and describes each answer",
    (_name, { path, operation }) => {
      const parameters = (operation.parameters ?? []) as Array<
        Record<"in" | "name", string> & { required?: boolean; schema: Schema }
      >;
      const inPath = parameters.filter((one) => one.in === "path");
      const templates = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(inPath.map(({ name }) => name)).toEqual(templates);
      expect(inPath.every(({ required }) => required)).toBe(true);
      const keys = parameters.map((one) => `${one.in} ${one.name.toLowerCase()}`);
      expect(new Set(keys).size).toBe(keys.length);
      for (const { schema } of parameters) expect(() => problemsOf(schema, "")).not.toThrow();
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[2-5]\d\d$/);
        expect(response["description"], `${path} ${status}`).toMatch(/\w/);
      }
    },
  );

  it("has schemas that a validator takes, in its strict mode", () => {
    for (const schema of Object.values<Schema>(document.components.schemas))
      expect(() => problemsOf(schema, null)).not.toThrow();
  });

  it("tells apart what fits and what does not", () => {
    const { Message } = document.components.schemas;
    const fits = { id: "m", role: "user", content: "", created_at: "2026-02-25T00:00:00Z" };
    expect(problemsOf(Message ?? {}, fits)).toEqual([]);
    expect(problemsOf(Message ?? {}, { ...fits, role: "tool" })).toHaveLength(1);
    expect(problemsOf({ $ref: "#/components/schemas/Message" }, { ...fits, cost: 1 })).toEqual([
      expect.stringContaining("additional"),
    ]);
  });
});

describe.each(["/openapi.json", "/llms.txt"])("%s", (path) => {
  it("may be read from any page, and is asked for again each time", async () => {
    const { url } = await startProxy(NOWHERE);
    const { status, headers } = await call(url + path);
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("cache-control")).toBe("no-cache");
  });

  it("gives PUBLIC_URL as the proxy's address", async () => {
    const { url } = await startProxy(NOWHERE, { PUBLIC_URL: "https://chat.example.com/help" });
    const { text } = await call(url + path);
    expect(text).toContain("https://chat.example.com/help");
    expect(text).not.toContain(url);
  });

  it("gives the address under which it was asked for, wherever the proxy is mounted", async () => {
    const server = createServer(express().use("/chat", proxy.router)).listen(0, "127.0.0.1");
    await once(server, "listening");
    closeLater(() => (server.close(), server.closeAllConnections()));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`;
    expect((await call(url + path)).text).toContain(`${url}`);
  });
});

describe("llms.txt", () => {
  it("has a line for each call, with its summary", async () => {
    const { url } = await startProxy(NOWHERE);
    const { text, headers } = await call(`${url}/llms.txt`);
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
    for (const { method, path, operation } of operations)
      expect(text).toContain(`- ${method.toUpperCase()} ${path}: ${operation.summary}\n`);
    expect(text.length).toBeLessThan(8000);
  });

  it("names only attributes and codes that there are", async () => {
    const { text } = await call(`${(await startProxy(NOWHERE)).url}/llms.txt`);
    const { Problem } = document.components.schemas;
    const codes = (Problem as { properties: { code: { enum: string[] } } }).properties.code.enum;
    const named = [...text.matchAll(/\b[45]\d\d ([a-z_]+)/g)].map(([, code = ""]) => code);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((code) => !codes.includes(code))).toEqual([]);
  });
});
