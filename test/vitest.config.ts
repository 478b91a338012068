import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { launcher } from "../widget/locales/en.ts";
import { findProgram } from "./support/find-program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

// Hundreds of processes are started, each of which would strip and compile the same files.
process.env["NODE_COMPILE_CACHE"] ??= `${root}node_modules/.cache/compiled`;

/** Fast ones first: unit and components need nothing but Node; integration opens sockets; browser drives Chromium. */
export default defineConfig({
  root,
  // As widget/build.ts sets it.
  define: { UNREAD_WORDS: JSON.stringify({ en: launcher.unread }) },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    // Tests mostly wait, for sockets and for processes: one for each processor, not one fewer.
    maxWorkers: "100%",
    // A test that hangs fails late; one on a busy machine does not.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: "unit", environment: "node", include: ["test/unit/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "components",
          environment: "jsdom",
          include: ["test/components/**/*.test.{ts,tsx}"],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          environment: "node",
          include: ["test/integration/**/*.test.ts"],
          // `npm test` says so beforehand, and fails under CI.
          exclude: [
            ...configDefaults.exclude,
            ...(findProgram("redis-server") === null ? ["test/integration/redis/**"] : []),
          ],
          // Of a file's concurrent tests, each of which may start a few processes.
          maxConcurrency: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          environment: "node",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
