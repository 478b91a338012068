/** Teardown: whatever a test file opened is closed when it ends. */
import { afterAll } from "vitest";

const opened: Array<() => unknown> = [];

/** Runs `close` when the test file ends, the last opened first. */
export function closeLater(close: () => unknown): void {
  opened.unshift(close);
}

afterAll(async () => {
  for (const close of opened.splice(0)) await close();
});
