/** `npm run dev`: the demo, built and started again whenever a source file changes. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = ["widget", "proxy", "demo"];
/** An editor's "save all" is one change. */
const DEBOUNCE_MS = 150;

const run = (file: string): ChildProcess =>
  spawn(process.execPath, [file], { cwd: ROOT, stdio: "inherit" });

let demo: ChildProcess | null = null;

/** Only a build that worked replaces the running demo. */
async function restart(): Promise<void> {
  const [code] = (await once(run("widget/build.ts"), "exit")) as [number | null];
  if (code !== 0) return console.error("The build failed: the demo goes on with the last one.");
  if (demo && demo.exitCode === null && demo.signalCode === null) {
    demo.kill("SIGTERM");
    await once(demo, "exit");
  }
  demo = run("demo/start.ts");
}

let pending: Promise<void> = restart();
let timer: NodeJS.Timeout | undefined;
for (const folder of SOURCES) {
  watch(new URL(`../${folder}`, import.meta.url), { recursive: true }, (_event, file) => {
    // The shop reads its pages and articles on each request.
    if (file && /^site[\\/]/.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => (pending = pending.then(restart)), DEBOUNCE_MS);
  });
}

const stop = (): void => {
  demo?.kill("SIGTERM");
  process.exit(0);
};
process.once("SIGINT", stop).once("SIGTERM", stop);
