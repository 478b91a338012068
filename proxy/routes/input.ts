/** Reads what came from outside; a refusal names the field, the value and the fix. */
import * as v from "valibot";
import { ProxyError } from "../errors.ts";
import { MAX_HANDLE_CHARACTERS } from "../visitors/handle.ts";

const MAX_SHOWN_CHARACTERS = 60;
const MAX_PAGE = 100;

/** Throws `invalid_request`. The first problem is enough: the caller mends one at a time. */
export function parseInput<const Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? "body";
  throw new ProxyError("invalid_request", {
    field,
    detail: `${field} ${shown(issue.input)}: ${issue.message}`,
  });
}

function shown(value: unknown): string {
  if (value === undefined) return "is missing";
  // Not as JSON: what is nested deep enough can be read, and not written.
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "is a list" : "is an object";
  const text = JSON.stringify(value);
  return `is ${text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text}`;
}

const isNotBlank = (text: string): boolean => text.trim() !== "";

const messageId = v.pipe(
  v.string("give it once"),
  v.regex(/^[\w.:-]{1,200}$/, "use the id of a message"),
);

/** A number in a query. */
export const limitSchema = (most: number) => {
  const fix = `use a whole number from 1 to ${most}`;
  return v.optional(
    v.pipe(
      v.string("give it once"),
      v.regex(/^\d{1,3}$/, fix),
      v.transform(Number),
      v.minValue(1, fix),
      v.maxValue(most, fix),
    ),
  );
};

export const handleSchema = v.pipe(
  v.string("send the conversationId that an earlier answer gave"),
  v.maxLength(MAX_HANDLE_CHARACTERS, `use at most ${MAX_HANDLE_CHARACTERS} characters`),
);

export const pathSchema = v.object({ id: handleSchema });

export const replySchema = v.object(
  {
    content: v.pipe(
      v.string("send the message's text as a string"),
      v.check(isNotBlank, "send a text that is not blank"),
    ),
    conversationId: v.optional(handleSchema),
  },
  "send a JSON object with content",
);

export const sessionSchema = v.optional(
  v.object(
    {
      identity: v.optional(
        v.pipe(v.string("send a JWT as a string"), v.maxLength(4096, "use a shorter JWT")),
      ),
    },
    "send a JSON object",
  ),
);

export const feedbackSchema = v.object(
  {
    rating: v.nullable(v.picklist(["up", "down"], 'use "up", "down" or null')),
  },
  "send a JSON object with rating",
);

export const pageSchema = v.object({
  since: v.optional(messageId),
  before: v.optional(messageId),
  limit: limitSchema(MAX_PAGE),
});

/** Visible ASCII, as RFC 9110 has it for field values; a UUID is the usual one. */
export const idempotencyKeySchema = v.object({
  "Idempotency-Key": v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\x21-\x7e]{8,200}$/, "use 8 to 200 visible ASCII characters, for example a UUID"),
    ),
  ),
});

export const messageIdSchema = v.object({ messageId });
