/** What a value of a scenario file may be: one table for reading it, for the help and for editors. Pure. */
import { findNearest } from "../cli/nearest.ts";
import { DURATIONS, parseDuration } from "./duration.ts";
import type { Entry, PlatformName, Position } from "./entry.ts";

/** JSON Schema, for editors. */
export type Schema = Readonly<Record<string, unknown>>;

export type Kind<Value> = {
  /** Null when it is wrong, which the entry has been told then. */
  read: (entry: Entry) => Value | null;
  schema: Schema;
};

export type Field<Value> = {
  kind: Kind<Value>;
  help: string;
  /** Says what is missing without it. */
  required?: string;
  /** The only platform that has such a thing. */
  only?: PlatformName;
};

export type Shape = Readonly<Record<string, Field<unknown>>>;

/** What was read by a shape; null is what the file leaves out. */
export type Values<Of extends Shape> = {
  [Name in keyof Of]: Of[Name] extends Field<infer Value> ? Value | null : never;
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

const plainText = single("a text", { type: ["string", "number"] }, (text) => text.trim() || null);

export const text: Kind<string> = {
  schema: plainText.schema,
  read(entry) {
    if (entry.cutOff !== null)
      entry.complain(
        `${entry.name} ends before #${entry.cutOff}, which is a comment in YAML: put the text into quotes`,
      );
    return plainText.read(entry);
  },
};

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

/** Fields of a `shape`, and what is built of their values. `noun` is what they make up, as `a step`. */
export function mapping<Of extends Shape, Built>(
  noun: string,
  shape: Of,
  build: (values: Values<Of>, position: Position, entry: Entry) => Built,
): Kind<Built> {
  const names = Object.keys(shape);
  const required = names.filter((name) => shape[name]?.required !== undefined);

  function readFields(fields: NonNullable<ReturnType<Entry["fields"]>>): Record<string, unknown> {
    const values: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, null]));
    for (const { key, value } of fields) {
      const field = Object.hasOwn(shape, key.name) ? shape[key.name] : undefined;
      if (!field) key.complain(sayUnknown(key.name, noun, names));
      else if (field.only !== undefined && field.only !== key.platform)
        key.complain(sayElsewhere(key, field.only));
      else values[key.name] = field.kind.read(value);
    }
    return values;
  }

  return {
    schema: {
      type: "object",
      properties: Object.fromEntries(
        names.map((name) => [
          name,
          { ...shape[name]?.kind.schema, description: shape[name]?.help },
        ]),
      ),
      required,
      additionalProperties: false,
    },

    read(entry) {
      const fields = entry.fields();
      if (fields === null) {
        entry.refuse(`${noun} has ${names.join(", ")}`);
        return null;
      }
      const values = readFields(fields);
      const missing = required.filter((name) => fields.every(({ key }) => key.name !== name));
      for (const name of missing) entry.complain(`${noun} needs ${name}: ${shape[name]?.required}`);
      const isWhole = required.every((name) => values[name] !== null);
      return isWhole ? build(values as Values<Of>, entry.position, entry) : null;
    },
  };
}

function sayUnknown(name: string, noun: string, names: readonly string[]): string {
  const nearest = findNearest(name, names);
  const fix = nearest === null ? `there are ${names.join(", ")}` : `do you mean ${nearest}?`;
  return `${noun} has no ${JSON.stringify(name)}: ${fix}`;
}

const sayElsewhere = ({ name, platform }: Entry, only: PlatformName): string =>
  `${name} is for ${only}, and the settings are for ${platform}: leave it out, or run it on ${only}`;
