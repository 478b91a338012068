import { DURATIONS, parseDuration } from "../e2e/duration.ts";
import type { Shape } from "../e2e/mapping.ts";
import { CHECKS, SCENARIO } from "../e2e/scenario.ts";
import { toSchema } from "../e2e/schema.ts";
import { EXIT, JSON_OPTION, toJson, type Command, type Input } from "./command.ts";
import { UsageError } from "./errors.ts";

const MAX_REPEAT = 1000;
const MAX_PARALLEL = 50;
const DEFAULT_PARALLEL = 2;
const DEFAULT_TIMEOUT_MS = 60_000;

const EXAMPLE = [
  "name: Shipping to Germany",
  "steps:",
  "  - say: What does shipping to Germany cost?",
  "    contains: €4.90",
  "    within: 10s",
];

const toRows = (shape: Shape): Array<readonly [string, string]> =>
  Object.entries(shape).map(([name, { help }]) => [name, help]);

export const e2e: Command = {
  takes: "FILE…",
  words: Infinity,
  summary: "plays scenarios with the agent, and checks its answers",
  about: [
    "A file holds scenarios in YAML, with a line --- between two of them. Each configures the agent (setup), talks with it as a customer (steps), looks at what was kept (history) and asks the configuration agent how it went (review). Every message is a say with the checks on its answer; the first that goes wrong ends the scenario.",
    "All scenarios share one account, and what they set up stays. A scenario with a setup therefore begins when those before it have ended, and its setup, done once, counts for those after it too; the others run side by side. It exits with 1 when one of them does not pass.",
  ],
  sections: { "For example": EXAMPLE, "A scenario": toRows(SCENARIO), Checks: toRows(CHECKS) },
  options: {
    filter: { type: "string", value: "TEXT", help: "only scenarios with this text in their name" },
    repeat: { type: "string", value: "N", help: "plays each so often, after one setup (1)" },
    "pass-rate": {
      type: "string",
      value: "SHARE",
      help: "how many of these have to pass: 0.9 or 90% (all)",
    },
    parallel: {
      type: "string",
      value: "N",
      help: `conversations at the same time (${DEFAULT_PARALLEL})`,
    },
    timeout: { type: "string", value: "TIME", help: "how long an answer may take (60s)" },
    junit: { type: "string", value: "FILE", help: "writes the results as JUnit XML, for CI" },
    schema: { type: "boolean", help: "prints the format as JSON Schema, for editors" },
    json: JSON_OPTION,
  },
  settings: [
    ["LEX_API_KEY", "Lex's key; or"],
    ["LEXEY_CUSTOMER_KEY", "Lexey's customer key, and for setup and review"],
    ["LEXEY_MANAGEMENT_KEY", "Lexey's management key"],
    ["PLATFORM", "lex or lexey, when there are keys of both"],
    ["LEX_URL, LEXEY_URL", "where the platform is, if it is not the public one"],
  ],
  examples: [
    "lex-chat e2e scenarios/*.yaml",
    "lex-chat e2e refunds.yaml --repeat 10 --pass-rate 0.9",
    "lex-chat e2e scenarios/*.yaml --junit results.xml",
  ],

  async run(input, terminal) {
    if (input.flag("schema")) {
      terminal.print(toJson(toSchema()));
      return EXIT.ok;
    }
    if (input.words.length === 0)
      throw new UsageError("e2e needs a file of scenarios", "lex-chat e2e scenarios/*.yaml");
    const options = {
      files: input.words,
      filter: input.text("filter") ?? null,
      repeat: read(input, "repeat", toCount(MAX_REPEAT)) ?? 1,
      passRate: read(input, "pass-rate", PASS_RATE) ?? 1,
      parallel: read(input, "parallel", toCount(MAX_PARALLEL)) ?? DEFAULT_PARALLEL,
      timeoutMs: read(input, "timeout", TIMEOUT) ?? DEFAULT_TIMEOUT_MS,
      junit: input.text("junit") ?? null,
      isJson: input.flag("json"),
    };
    const { runE2e } = await import("../e2e/e2e.ts");
    return runE2e(options, terminal);
  },
};

type Reader = { fix: string; parse: (text: string) => number | null };

/** Null when the option is not given. Throws a `UsageError`. */
function read(input: Input, name: string, { fix, parse }: Reader): number | null {
  const text = input.text(name);
  const value = text === undefined ? null : parse(text);
  if (text !== undefined && value === null)
    throw new UsageError(`--${name} is ${JSON.stringify(text)}`, `give ${fix}`);
  return value;
}

const toCount = (most: number): Reader => ({
  fix: `a whole number from 1 to ${most}`,
  parse: (text) => (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= most ? Number(text) : null),
});

const TIMEOUT: Reader = { fix: DURATIONS, parse: parseDuration };

const PASS_RATE: Reader = {
  fix: "a share above 0, up to 1, such as 0.9 or 90%",
  parse(text) {
    const [, number, percent] = /^(\d{1,3}(?:\.\d+)?)(%)?$/.exec(text) ?? [];
    const share = Number(number) / (percent === undefined ? 1 : 100);
    return share > 0 && share <= 1 ? share : null;
  },
};
