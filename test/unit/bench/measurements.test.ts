import { expect, test } from "vitest";
import type { Exchange } from "../../bench/exchange.ts";
import { RELAY_HEADER, toRelayRow } from "../../bench/relay-row.ts";
import { toSize, toSizeRows } from "../../bench/sizes.ts";
import { parseMemory, readCpu, readMemory } from "../../bench/usage.ts";

const exchange: Exchange = {
  tokens: 400,
  accepted: 5,
  firstToken: 20,
  complete: 1000,
  events: 40,
  bytes: 8000,
  cpu: 30,
  platformCpu: 50,
};
const twoViewers = { title: "", conversations: 1, viewers: 2 };

function toCells(exchanges: Exchange[], baseline = exchanges): Record<string, string> {
  const row = toRelayRow("lex-chat", { exchanges, baseline, scenario: twoViewers });
  const names = RELAY_HEADER.map((name, index) => (name === "×" ? `× ${index}` : name));
  return Object.fromEntries(names.map((name, index) => [name, row[index] ?? ""]));
}

test("times are medians, and compared with those of the baseline", () => {
  const slow = { ...exchange, firstToken: 900 };
  const baseline = [{ ...exchange, firstToken: 10, complete: 800 }];
  expect(toCells([exchange, slow, { ...exchange, firstToken: 22 }], baseline)).toMatchObject({
    "first token": "22.0",
    "× 3": "2.20×",
    "last viewer done": "1,000",
    "× 5": "1.25×",
  });
});

test("the CPU of all rounds is spread over what all viewers got", () => {
  expect(toCells([exchange, { ...exchange, cpu: 50 }])).toMatchObject({
    // 80 ms for 2 rounds × 2 viewers × 40 events, or 400 tokens
    "CPU/1,000 events": "500",
    "CPU/1,000 tokens": "50.0",
    "platform's CPU": "50.0",
  });
});

test("CPU that can't be read is not shown as none", () => {
  expect(toCells([{ ...exchange, cpu: null }])).toMatchObject({ "CPU/1,000 events": "n/a" });
});

test("a file's size is told raw and compressed, and all files together", () => {
  const text = new TextEncoder().encode("let chat; ".repeat(1000));
  const size = toSize("panel.js", text);
  expect(size.raw).toBe(10_000);
  expect(size.gzip).toBeLessThan(200);
  expect(size.brotli).toBeLessThan(size.gzip);
  const rows = toSizeRows([size, { ...size, raw: 2345 }]);
  expect(rows.map(([name, raw]) => [name, raw])).toEqual([
    ["panel.js", "10.0"],
    ["panel.js", "2.35"],
    ["all for an open chat", "12.3"],
  ]);
});

test("memory is read in bytes from what Linux tells of a process", () => {
  const status = "Name:\tnode\nVmPeak:\t 9999 kB\nVmHWM:\t   3000 kB\nVmRSS:\t   2000 kB\n";
  expect(parseMemory(status)).toEqual({ resident: 2_048_000, peak: 3_072_000 });
  expect(parseMemory("Name:\tkthreadd\n")).toBeNull();
});

test("a process that is not there has neither CPU nor memory", () => {
  expect([readCpu(2 ** 30), readMemory(2 ** 30)]).toEqual([null, null]);
});

test.runIf(process.platform === "linux")("the CPU time of a process grows while it works", () => {
  const before = readCpu(process.pid) ?? Number.NaN;
  const until = performance.now() + 20;
  while (performance.now() < until);
  expect(readCpu(process.pid)).toBeGreaterThan(before);
});
