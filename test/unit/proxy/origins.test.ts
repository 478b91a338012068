import { describe, expect, test } from "vitest";
import {
  checkOriginEntry,
  createOriginRules,
  isLocalOnly,
  isOriginAllowed,
} from "../../../proxy/origins.ts";

const allows = (entries: string[], origin: string, own: string | null = null): boolean =>
  isOriginAllowed(createOriginRules(entries, own), origin);

describe("an entry of ALLOWED_ORIGINS", () => {
  test.each([
    "https://www.example.com",
    "HTTPS://WWW.Example.COM",
    "http://localhost:3000",
    "http://127.0.0.1:8080",
    "http://[::1]:3000",
    "https://*.example.com",
    "https://*.example.com:8443",
    "null",
    "*",
  ])("%s is accepted", (entry) => {
    expect(checkOriginEntry(entry)).toBeNull();
  });

  test.each([
    ["https://example.com/", "without path or slash: https://example.com"],
    ["https://example.com/shop", "without path or slash: https://example.com"],
    ["https://example.com?a=1", "without path or slash: https://example.com"],
    ["https://example.com:443", "without path or slash: https://example.com"],
    ["https://user@example.com", "without path or slash: https://example.com"],
    ["https://*.example.com/", "without path or slash: https://*.example.com"],
    ["https://münchen.example", "without path or slash: https://xn--mnchen-3ya.example"],
    ["example.com", "use an origin such as"],
    ["*.example.com", "use an origin such as"],
    ["localhost:3000", "use http:// or https://"],
    ["ftp://example.com", "use http:// or https://"],
    ["file:///etc/passwd", "use http:// or https://"],
    ["https://*", "a * may only stand for subdomains"],
    ["https://www.*.com", "a * may only stand for subdomains"],
    ["https://*.*.example.com", "a * may only stand for subdomains"],
    ["https://shop*.example.com", "a * may only stand for subdomains"],
  ])("%s is refused with the fix", (entry, fix) => {
    expect(checkOriginEntry(entry)).toContain(fix);
  });
});

describe("an exact entry", () => {
  test.each([
    ["https://example.com", true],
    ["http://example.com", false],
    ["https://example.com:8443", false],
    ["https://www.example.com", false],
    ["https://evil-example.com", false],
    ["https://example.com.evil", false],
    ["https://example.com@evil.test", false],
    ["null", false],
    ["", false],
  ])("for https://example.com: %s is allowed: %s", (origin, allowed) => {
    expect(allows(["https://example.com"], origin)).toBe(allowed);
  });

  test("may be written in any case", () => {
    expect(allows(["HTTPS://Example.COM"], "https://example.com")).toBe(true);
  });

  test("with a port allows that port only", () => {
    const entries = ["http://localhost:3000"];

    expect(allows(entries, "http://localhost:3000")).toBe(true);
    expect(allows(entries, "http://localhost:3001")).toBe(false);
    expect(allows(entries, "http://localhost")).toBe(false);
  });
});

describe("a wildcard entry", () => {
  test.each([
    ["https://shop.example.com", true],
    ["https://a.b.example.com", true],
    ["https://example.com", false],
    ["https://evil-example.com", false],
    ["https://evilexample.com", false],
    ["https://shop.example.com.evil", false],
    ["https://evil.test#.example.com", false],
    ["https://evil.test/.example.com", false],
    ["https://evil.test\\.example.com", false],
    ["http://shop.example.com", false],
    ["https://shop.example.com:8443", false],
    ["null", false],
    ["not an origin", false],
  ])("for https://*.example.com: %s is allowed: %s", (origin, allowed) => {
    expect(allows(["https://*.example.com"], origin)).toBe(allowed);
  });

  test("with a port allows that port only", () => {
    const entries = ["https://*.example.com:8443"];

    expect(allows(entries, "https://shop.example.com:8443")).toBe(true);
    expect(allows(entries, "https://shop.example.com")).toBe(false);
  });

  test("may be written in any case", () => {
    expect(allows(["HTTPS://*.Example.COM"], "https://shop.example.com")).toBe(true);
  });
});

describe("everything else", () => {
  test("without entries no origin is allowed", () => {
    expect(allows([], "https://example.com")).toBe(false);
  });

  test("the proxy's own origin is always allowed", () => {
    expect(allows([], "https://chat.example.com", "https://chat.example.com")).toBe(true);
  });

  test("* allows every origin, and null only where null is listed too", () => {
    expect(allows(["*"], "https://anything.test")).toBe(true);
    expect(allows(["*"], "null")).toBe(false);
    expect(allows(["*", "null"], "null")).toBe(true);
    expect(allows(["null"], "null")).toBe(true);
  });
});

test.each([
  [[], null, true],
  [["http://localhost:3000", "http://127.0.0.1", "http://[::1]:8080"], null, true],
  [["http://localhost:3000"], "https://chat.example.com", false],
  [["http://localhost:3000", "https://example.com"], null, false],
  [["http://localhost.evil.test"], null, false],
  [["http://*.localhost"], null, false],
  [["null"], null, false],
  [["*"], null, false],
])("entries %j with own origin %s are all on this machine: %s", (entries, own, local) => {
  expect(isLocalOnly(createOriginRules(entries, own))).toBe(local);
});
