/** The proxy as `serve` runs it, in a process that tells its address, and its heap when it is asked. */
import { startServer } from "../../../proxy/server.ts";

/** `heap` is in bytes, after a full collection. */
export type Told = { url: string } | { heap: number };

const tell = (told: Told): void => void process.send?.(told);

const { url } = await startServer();
process.on("message", () => {
  globalThis.gc?.();
  tell({ heap: process.memoryUsage().heapUsed });
});
process.on("disconnect", () => process.exit());
tell({ url });
