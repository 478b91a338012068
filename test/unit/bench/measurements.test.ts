import { expect, test } from "vitest";
import type { Measured } from "../../bench/relay/measure.ts";
import { RELAY_HEADER, toRelayRow } from "../../bench/relay/relay-table.ts";
import { toSize, toSizeRows } from "../../bench/sizes.ts";
import { parseBusyTime, readCpu, readMemory } from "../../bench/usage.ts";

const measured: Measured = {
  cpuPerEvent: 30,
  delayP50: 20,
  delayP99: 40,
  memoryPerViewer: 50_000,
  connections: 1000,
  lost: 0,
  busy: 0.5,
};
const baseline = { ...measured, cpuPerEvent: 60, memoryPerViewer: 100_000 };
const direct = { ...measured, delayP50: 1, delayP99: 2 };

function toCells(row: Measured | null): Record<string, string> {
  const cells = toRelayRow("lex-chat", { measured: row, baseline, direct });
  return Object.fromEntries(
    RELAY_HEADER.map((name, index) => [name === "×" ? `× ${index}` : name, cells[index] ?? ""]),
  );
}

test("cost is compared with the baseline's, delay is what is added to the platform's own", () => {
  expect(toCells(measured)).toEqual({
    "": "lex-chat",
    "CPU µs/event": "30.0",
    "× 2": "0.50×",
    "delay p50": "19.0",
    "p99, ms": "38.0",
    "kB/viewer": "50.0",
    "× 6": "0.50×",
    "platform conns": "1,000",
    lost: "0",
    "machine busy": "50 %",
  });
});

test("on a machine over 85 % busy no delay is told", () => {
  expect(toCells({ ...measured, busy: 0.86 })).toMatchObject({
    "CPU µs/event": "30.0",
    "delay p50": "saturated",
    "p99, ms": "saturated",
  });
});

test("what can't be measured is not shown as none", () => {
  const unknown = { ...measured, cpuPerEvent: null, memoryPerViewer: null, lost: null, busy: null };
  expect(toCells(unknown)).toMatchObject({
    "CPU µs/event": "n/a",
    "kB/viewer": "n/a",
    lost: "n/a",
    "machine busy": "n/a",
  });
});

test("a system that is not installed has a row that says so", () => {
  expect(toCells(null)).toMatchObject({ "": "lex-chat", "CPU µs/event": "not installed" });
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

test("the machine is busy with what it does, not while it waits for a disk or for other machines", () => {
  const stat = "cpu  10 20 30 400 50 6 7 800 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
  expect(parseBusyTime(stat)).toEqual({ busy: 73, total: 523 });
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
