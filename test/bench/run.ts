/** `npm run bench [relay|widget] [--quick]`: prints tables, asserts nothing about time. */
import { parseArgs } from "node:util";
import { describeMachine } from "./machine.ts";
import { benchRelay } from "./relay.ts";
import { benchWidget } from "./widget.ts";

/** In full for numbers to quote, `--quick` to see that all of it works. */
const BENCHMARKS = {
  relay: {
    run: benchRelay,
    full: { rounds: 5, tokens: 120 },
    quick: { rounds: 1, tokens: 60 },
  },
  widget: {
    run: benchWidget,
    full: { rounds: 5, tokens: 2000 },
    quick: { rounds: 1, tokens: 500 },
  },
};
type Name = keyof typeof BENCHMARKS;
type Arguments = { names: Name[]; isQuick: boolean };

const USAGE = `npm run bench -- [${Object.keys(BENCHMARKS).join("|")}] [--quick]`;

/** Null, with one line of help, when they are wrong. */
function readArguments(): Arguments | null {
  try {
    const { values, positionals } = parseArgs({
      options: { quick: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    const unknown = positionals.find((name) => !Object.hasOwn(BENCHMARKS, name));
    if (unknown !== undefined) throw new Error(`There is no benchmark ${JSON.stringify(unknown)}`);
    const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
    return { names: names as Name[], isQuick: values.quick };
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
    const { run, full, quick } = BENCHMARKS[name];
    await run(given.isQuick ? quick : full, (text) => console.log(`\n${text}`));
  }
}
