/** `lex-chat e2e`: reads scenarios, plays them, and tells what came of it. */
import { openChat, openManagement } from "../cli/access.ts";
import { EXIT, toJson } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { toLine } from "../cli/printable.ts";
import type { Terminal } from "../cli/terminal.ts";
import { parsePlatform } from "../config.ts";
import { checkWritable, loadScenarios, write } from "./files.ts";
import { toJunit } from "./junit.ts";
import { summarise, toLines, type Paint } from "./lines.ts";
import type { Bar, Result } from "./results.ts";
import { runScenarios, type RunOptions } from "./run.ts";
import type { Scenario } from "./scenario.ts";
import { toReport } from "./to-json.ts";

export type E2eOptions = Bar &
  Pick<RunOptions, "parallel" | "timeoutMs"> & {
    files: readonly string[];
    /** Only scenarios whose name has this text. */
    filter: string | null;
    junit: string | null;
    isJson: boolean;
  };

/** Resolves with the exit code. Rejects with a `UsageError`, a `CommandError` or a `ConfigError`. */
export async function runE2e(options: E2eOptions, terminal: Terminal): Promise<number> {
  const platform = parsePlatform().platform === "lex" ? "Lex" : "Lexey";
  const scenarios = pick(loadScenarios(options.files, platform), options.filter);
  if (options.junit !== null) checkWritable(options.junit);
  // A key that is missing is missed before the first message.
  if (scenarios.some(({ setup, review }) => setup.length + review.length > 0)) openManagement(null);

  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  const startedAt = performance.now();
  const results = await runScenarios(scenarios, {
    ...options,
    agents: {
      customer: () => openChat(null),
      management: async () => openManagement(null),
    },
    signal: interrupt.signal,
    ...createProgress(scenarios.length, options.isJson, terminal),
  });

  if (options.isJson) terminal.print(toJson(toReport(results)));
  else terminal.print(`\n${summarise(results, performance.now() - startedAt)}`);
  if (options.junit !== null) write(options.junit, toJunit(results));
  if (interrupt.signal.aborted) return EXIT.interrupted;
  return results.every(({ outcome }) => outcome === "passed") ? EXIT.ok : EXIT.failure;
}

function pick(scenarios: readonly Scenario[], filter: string | null): readonly Scenario[] {
  if (filter === null) return scenarios;
  const wanted = filter.toLowerCase();
  const picked = scenarios.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (picked.length > 0) return picked;
  throw new UsageError(
    `--filter: none of ${scenarios.length} scenarios has ${JSON.stringify(filter)} in its name`,
    `there is, for example, ${JSON.stringify(scenarios[0]?.name)}`,
  );
}

/** Lines as scenarios end; to somebody at a terminal also what is being asked. */
function createProgress(
  count: number,
  isJson: boolean,
  terminal: Terminal,
): Pick<RunOptions, "onAsk" | "onResult"> {
  const paint: Paint = (style, text) => terminal.style(style, text, "results");
  let done = 0;

  return {
    onAsk({ name }, place) {
      const line = `${done} of ${count} · ${name}: ${place}`;
      terminal.status(null);
      terminal.status(toLine(line, terminal.width - 1));
    },

    onResult(result: Result) {
      done += 1;
      terminal.status(null);
      if (!isJson) for (const line of toLines(result, paint)) terminal.print(line);
    },
  };
}
