/** Reads one option, given as its own type or as text from a command line; throws the fix. */
export type Reader<Value> = (value: unknown) => Value;

/** What an option may be, its default, one line of help. */
export type Setting<Value> = { read: Reader<Value>; fallback: Value; help: string };

export function setting<Value>(read: Reader<Value>, fallback: Value, help: string): Setting<Value> {
  return { read, fallback, help };
}

/**
 * The given options, read. Throws one error that lists every problem: the option's name, the bad
 * value (but for the names in `secret`) and the fix.
 */
export function readOptions(
  table: Record<string, Setting<unknown>>,
  options: Record<string, unknown>,
  { failure, secret = [] }: { failure: string; secret?: readonly string[] },
): Record<string, unknown> {
  const problems: string[] = [];
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const read = given.flatMap(([name, value]) => {
    const row = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!row) {
      problems.push(`${name}: no such option; there are ${Object.keys(table).join(", ")}`);
      return [];
    }
    try {
      return [[name, row.read(value)]];
    } catch (error) {
      const shown = secret.includes(name) ? "" : ` (is ${JSON.stringify(value)})`;
      problems.push(`${name}${shown}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
  if (problems.length > 0) throw new Error(`${failure}:\n${problems.join("\n")}`);
  return Object.fromEntries(read);
}

export function text(value: unknown): string {
  if (typeof value !== "string" || value === "") throw new Error("give a text that is not empty");
  return value;
}

export function url(value: unknown): string {
  if (!URL.canParse(text(value)) || !/^https?:/.test(text(value))) {
    throw new Error("give an address such as http://localhost:3000");
  }
  return text(value);
}

export function integer(from: number, to: number): Reader<number> {
  return (value) => {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    if (!Number.isInteger(number) || Number(number) < from || Number(number) > to) {
      throw new Error(`give a whole number from ${from} to ${to}`);
    }
    return Number(number);
  };
}

/** A probability. */
export function fraction(value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !(number >= 0 && number <= 1)) {
    throw new Error("give a number from 0 to 1");
  }
  return number;
}

export function list(value: unknown): string[] {
  const items = Array.isArray(value) ? value.map(text) : text(value).split(",");
  if (items.length === 0 || items.some((item) => !/^\S+$/.test(item))) {
    throw new Error("give one or more, separated by commas and without blanks");
  }
  return items;
}

/** As `list`, of API keys of one kind. */
export function keys(prefix: string): Reader<string[]> {
  return (value) => {
    const keys = list(value);
    if (keys.every((key) => key.startsWith(prefix) && key.length > prefix.length)) return keys;
    throw new Error(`give keys that begin with ${prefix}, separated by commas`);
  };
}

export function orNull<Value>(read: Reader<Value>): Reader<Value | null> {
  return (value) => (value === null ? null : read(value));
}

/** The reader and the default, which is the first of the choices. */
export function oneOf<Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
): [Reader<Choice>, Choice] {
  return [
    (value) => {
      const choice = choices.find((choice) => choice === value);
      if (choice === undefined) throw new Error(`give one of ${choices.join(", ")}`);
      return choice;
    },
    choices[0],
  ];
}
