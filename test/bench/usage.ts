/** What processes use, from Linux's /proc; null where there is none. */
import { readdirSync, readFileSync } from "node:fs";

/** In bytes. */
export type Memory = { resident: number };

/** The machine's time, of all its processors, in hundredths of a second. */
export type BusyTime = { busy: number; total: number };

/** Milliseconds of CPU that a process and its descendants have had since they began. */
export function readCpu(pid: number): number | null {
  return orNull(() => sumOver(pid, readProcessCpu));
}

/** Of a process and its descendants. */
export function readMemory(pid: number): Memory | null {
  return orNull(() => ({ resident: sumOver(pid, readResident) }));
}

export function readBusyTime(): BusyTime | null {
  return orNull(() => parseBusyTime(readFileSync("/proc/stat", "utf8")));
}

/** Parses `/proc/stat`. Waiting for a disk is no work, and time given to other machines is not ours. */
export function parseBusyTime(stat: string): BusyTime {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(" ").map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0] = fields;
  const busy = user + nice + system + irq + softIrq;
  return { busy, total: busy + idle + wait };
}

function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const sumOver = (pid: number, read: (pid: number) => number): number =>
  findFamily(pid).reduce((total, each) => total + read(each), 0);

/** The process, its children, theirs, and so on. */
function findFamily(pid: number): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), orNull(() => readParent(Number(name)))]),
  );
  const found = [pid];
  // Grows while it is walked: children of children follow.
  for (const parent of found) {
    found.push(...parents.keys().filter((child) => parents.get(child) === parent));
  }
  return found;
}

const readStatus = (pid: number, name: string): number =>
  Number(
    new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1],
  );

const readParent = (pid: number): number => readStatus(pid, "PPid");
const readResident = (pid: number): number => readStatus(pid, "VmRSS") * 1024;

/** `schedstat` counts nanoseconds of each thread, `stat` only hundredths of a second. */
function readProcessCpu(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const readThread = (thread: string): number =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return threads.reduce((total, thread) => total + readThread(thread), 0) / 1e6;
}
