/** Reads the branding out of what the configuration agent answers, JSON or words. Pure. */
import type { Branding } from "../protocol.ts";
import { SETTINGS } from "../settings.ts";
import { findJsonObjects } from "./find-json.ts";
import { findInProse } from "./find-prose.ts";

/** More of an answer is not read. */
const MAX_CHARACTERS = 20_000;

type Field = keyof Branding;
type Values = Partial<Record<Field, unknown>>;

/** Names of a field without case, spaces and signs. */
const SPELLINGS: Readonly<Record<string, Field>> = {
  agentname: "agentName",
  assistantname: "agentName",
  botname: "agentName",
  name: "agentName",
  primarycolor: "primaryColor",
  primarycolour: "primaryColor",
  brandcolor: "primaryColor",
  brandcolour: "primaryColor",
  color: "primaryColor",
  colour: "primaryColor",
  welcomeheading: "welcomeHeading",
  heading: "welcomeHeading",
  welcomesubheading: "welcomeSubheading",
  subheading: "welcomeSubheading",
};

/** What agents write for a value that is not set. */
const UNSET =
  /^(\W*|\W*(null|none|undefined|unset|n\/a|(currently |yet )?(not|isn't) (yet |currently )?(set|configured)( yet)?|default)\W*)$/i;

export type ParsedBranding = {
  branding: Partial<Branding>;
  /** The fields whose value is none, each with what is wrong. For the log: without the value. */
  problems: string[];
};

/** Null when the answer says nothing of the branding. Values pass the same checks as the settings. */
export function parseBranding(answer: string): ParsedBranding | null {
  const text = answer.slice(0, MAX_CHARACTERS);
  const values = findJsonObjects(text).map(fieldsOf).find(hasFields) ?? findInProse(text);
  if (!hasFields(values)) return null;
  const branding: Partial<Branding> = {};
  const problems: string[] = [];
  for (const [field, value] of Object.entries(values) as Array<[Field, unknown]>) {
    try {
      const checked = check(field, value);
      if (checked !== null) branding[field] = checked;
    } catch (error) {
      problems.push(`${field}: ${(error as Error).message}`);
    }
  }
  return { branding, problems };
}

const hasFields = (values: Values): boolean => Object.keys(values).length > 0;

/** The fields of an object, or of one in it: `{"branding": {…}}`. */
function fieldsOf(object: Record<string, unknown>): Values {
  const own: Values = {};
  for (const [key, value] of Object.entries(object)) {
    const field = SPELLINGS[key.toLowerCase().replaceAll(/[^a-z]/g, "")];
    if (field) own[field] ??= value;
  }
  if (hasFields(own)) return own;
  const inner = Object.values(object).filter((value) => isObject(value));
  return inner.map(fieldsOf).find(hasFields) ?? {};
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Null for what is not set. Throws what is wrong. */
function check(field: Field, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string") throw new Error("use a text");
  const text = value.trim();
  if (UNSET.test(text)) return null;
  if (/\p{Cc}/u.test(text)) throw new Error("use one line");
  return SETTINGS[field].parse(text);
}
