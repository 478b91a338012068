/** Fields by name, of one table for the reader, the help and editors. Pure. */
import { findNearest } from "../cli/nearest.ts";
import type { Entry, PlatformName, Position } from "./entry.ts";
import type { Kind } from "./kinds.ts";

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

/** Fields of a `shape`, and what is built of their values. `noun` is what they make up, as `a step`. */
export function mapping<Of extends Shape, Built>(
  noun: string,
  shape: Of,
  build: (values: Values<Of>, position: Position) => Built,
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
      // Of what is only misspelt it has been said already.
      const given = new Set(fields.map(({ key }) => findNearest(key.name, names) ?? key.name));
      const missing = required.filter((name) => !given.has(name));
      for (const name of missing) entry.complain(`${noun} needs ${name}: ${shape[name]?.required}`);
      const isWhole = required.every((name) => values[name] !== null);
      return isWhole ? build(values as Values<Of>, entry.position) : null;
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
