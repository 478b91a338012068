/** Holds real answers against the OpenAPI document: status, type of content, schema. */
import { createHmac } from "node:crypto";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { createOpenApi } from "../../../proxy/openapi/document.ts";
import type { Operation } from "../../../proxy/openapi/operation.ts";
import type { Schema } from "../../../proxy/openapi/schema.ts";
import type { ErrorCode, Problem } from "../../../proxy/protocol.ts";
import { call, type Answer, type CallOptions } from "../../support/proxy.ts";

export type Media = {
  schema: Schema;
  "x-events"?: Record<string, Schema>;
  "x-data"?: Schema;
};
export type Documented = {
  path: string;
  method: string;
  operation: Operation;
  /** Content types by status; none for an answer without a body. */
  answers: Map<number, Record<string, Media>>;
  /** The codes that its refusals may have. */
  codes: Set<string>;
};

const document = createOpenApi("/");

const isObjectSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && "properties" in value && "required" in value;

/** What is documented has every field that is there: a field that slips out is a failure. */
const closed: Schema = JSON.parse(JSON.stringify(document.components), (_key, value: unknown) =>
  isObjectSchema(value) ? { ...value, additionalProperties: false } : value,
);

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false });
ajv.addKeyword("components");
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

const compiled = new Map<Schema, ValidateFunction>();

/** The problems of a value under a schema of the document; none means that it fits. */
export function problemsOf(schema: Schema, value: unknown): string[] {
  const validate = compiled.get(schema) ?? ajv.compile({ ...schema, components: closed });
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath || "the body"} ${message} ${JSON.stringify(params)}`.slice(0, 300),
  );
}

type ContentOf = { content?: Record<string, Media> };
const contentOf = (response: Schema): Record<string, Media> =>
  (response as ContentOf).content ?? {};

/** Every operation of the document by its id. */
export const OPERATIONS: ReadonlyMap<string, Documented> = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const answers = Object.entries(operation.responses).map(
        ([status, response]) => [Number(status), contentOf(response)] as const,
      );
      const codes = answers.flatMap(([, content]) => codesOf(content));
      return [
        operation.operationId,
        { path, method, operation, answers: new Map(answers), codes: new Set(codes) },
      ];
    }),
  ),
);

function codesOf(content: Record<string, Media>): string[] {
  const schema = content["application/problem+json"]?.schema as
    | { properties: { code: { enum: string[] } } }
    | undefined;
  return schema?.properties.code.enum ?? [];
}

export function documented(id: string): Documented {
  const found = OPERATIONS.get(id);
  if (!found) throw new Error(`the document has no operation ${id}`);
  return found;
}

/** How an answer differs from what the document says of the operation. */
export function differences(id: string, answer: Answer): string[] {
  const content = documented(id).answers.get(answer.status);
  if (!content) return [`${id} answers ${answer.status}, which is not documented: ${answer.text}`];
  const given = answer.headers.get("content-type")?.split(";")[0];
  const media = content[given ?? ""];
  const types = Object.keys(content);
  // A 304 names the type of what it has not sent.
  if (types.length === 0 && answer.text === "") return [];
  if (!media) return [`${id} ${answer.status} is ${given}, not ${types.join(" or ") || "empty"}`];
  const body = /json/.test(given ?? "") ? answer.body : answer.text;
  return problemsOf(media.schema, body).map((problem) => `${id} ${answer.status}: ${problem}`);
}

/** What has been answered so far: `operation status`, and `operation code` for a refusal. */
const seen = new Set<string>();
/** Told by mistakes of ours alone. */
const UNSEEN = new Set(["internal_error"]);

/** Throws where the answer is not as documented; else notes it as seen. */
export function expectDocumented(id: string, answer: Answer): void {
  const found = differences(id, answer);
  if (found.length > 0) throw new Error(found.join("\n"));
  seen.add(`${id} ${answer.status}`);
  if (answer.status >= 400) seen.add(`${id} ${(answer.body as Problem).code}`);
}

/** The successes and refusals that the document promises of these operations, and no answer was yet. */
export function unseen(ids: readonly string[]): string[] {
  return ids
    .flatMap((id) => {
      const { answers, codes } = documented(id);
      const successes = [...answers.keys()].filter((status) => status < 400).map(String);
      return [...successes, ...codes]
        .filter((what) => !UNSEEN.has(what))
        .map((what) => `${id} ${what}`);
    })
    .filter((what) => !seen.has(what));
}

/** One request of an operation, its path's parameters filled in. */
export async function ask(url: string, operation: string, options: Ask = {}): Promise<Answer> {
  const { id = "handle", name = "panel.js", query = "", ...rest } = options;
  const { path, method } = documented(operation);
  const target = path.replace("{id}", id).replace("{messageId}", "m").replace("{name}", name);
  return call(`${url}${target}${query}`, { method: method.toUpperCase(), ...rest });
}

export type Ask = CallOptions & { id?: string; name?: string; query?: string };

/** As `ask`; the answer has to be what the document says. `expected` is a status or an error's code. */
export async function expectAnswer(
  url: string,
  operation: string,
  expected: number | ErrorCode,
  options: Ask = {},
): Promise<Answer> {
  const answer = await ask(url, operation, options);
  expectDocumented(operation, answer);
  if (typeof expected === "number") expect(answer.status, answer.text).toBe(expected);
  else expect(answer.body).toMatchObject({ code: expected });
  return answer;
}

/** The headers of what Lexey posts. */
export function signAsLexey(secret: string, body: unknown): Record<string, string> {
  const bytes = typeof body === "string" ? body : JSON.stringify(body);
  const hex = createHmac("sha256", secret).update(bytes).digest("hex");
  return { "X-Lexey-Signature": `sha256=${hex}` };
}
