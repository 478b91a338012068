/** JSON Schemas (2020-12, as OpenAPI 3.1 has them), held against the types of the protocol by the compiler. */

export type Schema = { readonly [keyword: string]: unknown };

/** A field that may be missing, made by `optional`. */
type Optional = readonly [schema: Schema];
type Fields<Shape> = {
  [Name in keyof Shape]-?: Record<never, never> extends Pick<Shape, Name> ? Optional : Schema;
};

export const optional = (schema: Schema): Optional => [schema];

/** An object as the type says: with each of its fields, and `optional` where the type has a `?`. */
export function objectOf<Shape>(fields: Fields<Shape>): Schema {
  const entries = Object.entries<Schema | Optional>(fields);
  return {
    type: "object",
    properties: Object.fromEntries(
      entries.map(([name, field]) => [name, isOptional(field) ? field[0] : field]),
    ),
    required: entries.flatMap(([name, field]) => (isOptional(field) ? [] : [name])),
  };
}

const isOptional = (field: Schema | Optional): field is Optional => Array.isArray(field);

export const text = (description?: string): Schema => ({
  type: "string",
  ...(description !== undefined && { description }),
});

export const oneOf = <Value extends string>(...values: Value[]): Schema => ({
  type: "string",
  enum: values,
});

export const arrayOf = (items: Schema): Schema => ({ type: "array", items });
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export const bool: Schema = { type: "boolean" };
export const seconds: Schema = { type: "integer", minimum: 0 };
export const time: Schema = { type: "string", format: "date-time" };
