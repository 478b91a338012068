/** `--limit` of the commands on conversations. */
import type { Input, Option } from "../command.ts";
import { UsageError } from "../errors.ts";

const MAX_LIMIT = 1000;

export const limitOption = (count: number, what: string): Option => ({
  type: "string",
  short: "n",
  value: "COUNT",
  help: `at most so many ${what}; ${count} when it is left out`,
});

/** Throws a `UsageError`. */
export function readLimit(input: Input, byDefault: number): number {
  const typed = input.text("limit");
  if (typed === undefined) return byDefault;
  const limit = /^\d+$/.test(typed) ? Number(typed) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new UsageError(
    `--limit is ${JSON.stringify(typed)}`,
    `use a whole number from 1 to ${MAX_LIMIT}`,
  );
}
