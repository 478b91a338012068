/** The parts that operations are made of: parameters, bodies, answers, refusals. */
import { ERRORS } from "../errors.ts";
import type { ErrorCode } from "../protocol.ts";
import { ref, type Schema } from "./schema.ts";

export type Operation = {
  operationId: string;
  summary: string;
  description?: string;
  tags: [string];
  security?: ReadonlyArray<Readonly<Record<string, readonly string[]>>>;
  parameters?: readonly Schema[];
  requestBody?: Schema;
  responses: Readonly<Record<string, Schema>>;
};

export type Paths = Readonly<Record<string, Readonly<Partial<Record<"get" | "post", Operation>>>>>;

const REQUEST_ID = { "X-Request-Id": { schema: { type: "string" } } };

export const parameter = (
  place: "path" | "query" | "header",
  name: string,
  schema: Schema,
): Schema => ({ name, in: place, schema, ...(place === "path" && { required: true }) });

export const body = (schema: Schema, required = true): Schema => ({
  required,
  content: { "application/json": { schema } },
});

/** An answer with JSON, or with another type of content. */
export const answer = (
  description: string,
  schema: Schema,
  type = "application/json",
  more: Schema = {},
): Schema => ({ description, headers: REQUEST_ID, content: { [type]: { schema, ...more } } });

export const noContent = (description: string): Schema => ({ description, headers: REQUEST_ID });

/** The refusals of an operation: one answer for each status, with the codes that it may have. */
export function refusals(...codes: ErrorCode[]): Record<string, Schema> {
  const all: ErrorCode[] = [...codes, "internal_error"];
  const byStatus = Map.groupBy(all, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        ...answer(
          same.map((code) => ERRORS[code].title).join(" "),
          { ...ref("Problem"), properties: { code: { enum: same } } },
          "application/problem+json",
        ),
        headers: {
          ...REQUEST_ID,
          ...([409, 429, 503].includes(status) && {
            "Retry-After": { description: "Seconds.", schema: { type: "integer" } },
          }),
        },
      },
    ]),
  );
}
