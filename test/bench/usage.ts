/** What a process uses, from Linux's /proc; null where there is none. */
import { readdirSync, readFileSync } from "node:fs";

/** In bytes. */
export type Memory = { resident: number; peak: number };

/** Milliseconds of CPU that all its threads have had since it began. */
export function readCpu(pid: number): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const nanoseconds = threads.map((thread) => readThreadCpu(`/proc/${pid}/task/${thread}`));
    return nanoseconds.reduce((total, value) => total + value, 0) / 1e6;
  } catch {
    return null;
  }
}

/** `schedstat` counts nanoseconds, `stat` only hundredths of a second. */
function readThreadCpu(folder: string): number {
  return Number(readFileSync(`${folder}/schedstat`, "utf8").split(" ")[0]);
}

export function readMemory(pid: number): Memory | null {
  try {
    return parseMemory(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return null;
  }
}

/** Reads the text of `/proc/<pid>/status`; null when it says nothing of memory. */
export function parseMemory(status: string): Memory | null {
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
  const memory = { resident: read("VmRSS"), peak: read("VmHWM") };
  return Number.isNaN(memory.resident + memory.peak) ? null : memory;
}
