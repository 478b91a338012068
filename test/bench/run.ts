/** `npm run bench -- [relay|widget|soak [minutes]] [--quick]`: prints tables, asserts nothing about time. */
import { parseArgs } from "node:util";
import type { Print } from "./extent.ts";
import { describeMachine } from "./machine.ts";
import { FULL, QUICK } from "./relay/load.ts";
import { benchRelay } from "./relay/relay.ts";
import { soak } from "./soak/soak.ts";
import { benchWidget } from "./widget.ts";

type Options = { isQuick: boolean; minutes: number };
type Benchmark = (options: Options, print: Print) => Promise<void>;

/** In full for numbers to quote, `--quick` to see that all of it works. */
const BENCHMARKS: Record<string, Benchmark> = {
  relay: ({ isQuick }, print) => benchRelay(isQuick ? QUICK : FULL, print),
  widget: ({ isQuick }, print) =>
    benchWidget(isQuick ? { rounds: 1, tokens: 500 } : { rounds: 5, tokens: 2000 }, print),
  soak: ({ isQuick, minutes }, print) => soak(isQuick ? 0.25 : minutes, print),
};
const DEFAULT_NAMES = ["relay", "widget"];
const DEFAULT_MINUTES = 5;

const USAGE = "npm run bench -- [relay|widget|soak [minutes]] [--quick]";

type Arguments = Options & { names: string[] };

/** Null, with one line of help, when they are wrong. */
function readArguments(): Arguments | null {
  try {
    const { values, positionals } = parseArgs({
      options: { quick: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    const names = positionals.filter((word) => Object.hasOwn(BENCHMARKS, word));
    const [minutes, ...unknown] = positionals.filter((word) => !names.includes(word));
    const isKnown = minutes === undefined || (names.includes("soak") && Number(minutes) > 0);
    if (!isKnown || unknown.length > 0)
      throw new Error(`There is no benchmark ${JSON.stringify(unknown[0] ?? minutes)}`);
    return {
      names: names.length > 0 ? names : DEFAULT_NAMES,
      minutes: Number(minutes ?? DEFAULT_MINUTES),
      isQuick: values.quick,
    };
  } catch (error) {
    // Node goes on to explain how to pass such a word as an argument.
    const [problem = ""] = (error as Error).message.split(". ");
    console.error(`${problem}: ${USAGE}`);
    return null;
  }
}

const given = readArguments();
if (given === null) process.exitCode = 1;
else {
  console.log(describeMachine());
  for (const name of given.names) {
    await BENCHMARKS[name]?.(given, (text) => console.log(`\n${text}`));
  }
}
