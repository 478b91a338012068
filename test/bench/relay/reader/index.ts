import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { OpenOrder, Order, Report } from "./orders.ts";

export type { Report } from "./orders.ts";

/** Viewers in a process of their own; one order at a time. */
export type Reader = {
  pid: number;
  open: (order: Omit<OpenOrder, "order">) => Promise<Report>;
  mark: () => Promise<Report>;
  report: () => Promise<Report>;
  /** Closes all streams. */
  close: () => Promise<Report>;
  end: () => Promise<void>;
};

export function startReader(): Reader {
  const child = fork(fileURLToPath(new URL("reader.ts", import.meta.url)));
  const exited = once(child, "exit");

  async function give(order: Order): Promise<Report> {
    const failed = exited.then(() => {
      throw new Error("the reader has ended");
    });
    child.send(order);
    const [report] = (await Promise.race([once(child, "message"), failed])) as [Report];
    return report;
  }

  return {
    pid: child.pid ?? 0,
    open: (order) => give({ order: "open", ...order }),
    mark: () => give({ order: "mark" }),
    report: () => give({ order: "report" }),
    close: () => give({ order: "close" }),
    async end() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
