/** `lex-chat` as its owner runs it: a process with an environment of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { COMPILE_CACHE } from "./compile-cache.ts";
import { closeLater, eventually } from "./proxy.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type CliRun = { code: number | null; out: string; errors: string };

export type CliOptions = {
  /** All that it gets besides PATH. */
  environment?: NodeJS.ProcessEnv;
  /** Piped into it; none is an empty one. */
  input?: string;
};

/** Starts it; `output` is what it has printed so far, results and notes together. */
export function startCli(args: readonly string[], options: CliOptions = {}) {
  const child = spawn(process.execPath, ["proxy/cli.ts", ...args], {
    cwd: ROOT,
    env: { ...COMPILE_CACHE, PATH: process.env["PATH"], ...options.environment },
  });
  closeLater(() => child.kill("SIGKILL"));
  let [out, errors, output] = ["", "", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
    output += text;
  });
  child.stdin.end(options.input ?? "");
  const exited = once(child, "close").then(([code]): CliRun => ({
    code: code as number | null,
    out,
    errors,
  }));
  return {
    exited,
    output: () => output,
    signal: (name: NodeJS.Signals): void => void child.kill(name),
  };
}

/** Runs it to its end. */
export const runCli = (args: readonly string[], options: CliOptions = {}): Promise<CliRun> =>
  startCli(args, options).exited;

/** Ctrl-C and the like, as a terminal sends them. */
export const KEYS = { interrupt: "\u0003", end: "\u0004", enter: "\r" };

/** Starts it in a terminal of its own, by util-linux' `script`. `output` is what the terminal has shown. */
export function startInTerminal(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const command = [process.execPath, "proxy/cli.ts", ...args].join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd: ROOT,
    env: { ...COMPILE_CACHE, PATH: process.env["PATH"], TERM: "xterm", ...environment },
  });
  closeLater(() => child.kill("SIGKILL"));
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  return {
    output: () => output,
    type: (keys: string): void => void child.stdin.write(keys),
    /** Resolves once the terminal has shown it, after what `shows` has found before. */
    shows: createFinder(() => output),
    exited: once(child, "close").then(([code]) => code as number | null),
  };
}

function createFinder(read: () => string) {
  let from = 0;
  return (pattern: RegExp): Promise<string> =>
    eventually(`${pattern}`, () => {
      const match = pattern.exec(read().slice(from));
      if (!match) return undefined;
      from += match.index + match[0].length;
      return match[0];
    }).catch((error: Error) => {
      throw new Error(`${error.message} in ${JSON.stringify(read().slice(from))}`);
    });
}
