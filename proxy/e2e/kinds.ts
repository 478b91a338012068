/** What a value of a scenario file may be, to be read and to be told to editors. Pure. */
import { DURATIONS, parseDuration } from "./duration.ts";
import type { Entry } from "./entry.ts";

/** JSON Schema, for editors. */
export type Schema = Readonly<Record<string, unknown>>;

export type Kind<Value> = {
  /** Null when it is wrong, which the entry has been told then. */
  read: (entry: Entry) => Value | null;
  schema: Schema;
};

/** A kind of single values; `parse` gives null for a wrong one. */
function single<Value>(
  fix: string,
  schema: Schema,
  parse: (text: string) => Value | null,
): Kind<Value> {
  function read(entry: Entry): Value | null {
    const value = entry.text === null ? null : parse(entry.text);
    if (value === null) entry.refuse(`give ${fix}`);
    return value;
  }
  return { read, schema };
}

export const text = single("a text", { type: ["string", "number"] }, (text) => text.trim() || null);

export const flag = single("true or false", { type: "boolean" }, (text) =>
  text === "true" ? true : text === "false" ? false : null,
);

/** Milliseconds. */
export const duration = single(DURATIONS, { type: "string" }, parseDuration);

export const count = single("a whole number", { type: "integer", minimum: 0 }, (text) =>
  /^\d{1,6}$/.test(text) ? Number(text) : null,
);

const FLAGS = "imsu";

/** `/text/i`, or the pattern alone. Always by code points, as `u` says. */
export const pattern: Kind<RegExp> = {
  schema: { type: "string" },
  read(entry) {
    if (entry.text === null || entry.text === "") return refusePattern(entry, "it is none");
    const [, source = entry.text, flags = ""] = /^\/(.+)\/(\w*)$/s.exec(entry.text) ?? [];
    if (!new RegExp(`^[${FLAGS}]*$`).test(flags))
      return refusePattern(entry, `its flags may be ${[...FLAGS].join(", ")}`);
    try {
      return new RegExp(source, [...new Set(`${flags}u`)].join(""));
    } catch (error) {
      return refusePattern(entry, (error as Error).message);
    }
  },
};

function refusePattern(entry: Entry, reason: string): null {
  entry.refuse(`give a regular expression such as /free from €\\d+/i (${reason})`);
  return null;
}

/** One, or a list of them. */
export const oneOrMore = <Value>(kind: Kind<Value>): Kind<Value[]> => ({
  schema: { oneOf: [kind.schema, listOf(kind).schema] },
  read(entry) {
    if (entry.items() !== null) return listOf(kind).read(entry);
    const value = kind.read(entry);
    return value === null ? null : [value];
  },
});

export const listOf = <Value>(kind: Kind<Value>): Kind<Value[]> => ({
  schema: { type: "array", items: kind.schema, minItems: 1 },
  read(entry) {
    const items = entry.items() ?? [];
    if (items.length === 0) entry.refuse("give a list of at least one, each begun with a dash");
    return items.flatMap((item) => kind.read(item) ?? []);
  },
});
