import type { Settings } from "../actions.ts";
import type { Reader } from "./reading.ts";

const ASKS =
  /^(?:what|what's|whats|which|show|list|tell|display|see|give|print|read|how (?:is|are|do|does)|who|is there|are there|do we have|current|remind)\b/;

/** What a question about the configuration is about; the first that matches. */
const SUBJECTS: { what: Settings; says: RegExp }[] = [
  { what: "rules", says: /\brules?\b/ },
  {
    what: "context",
    says: /\bbusiness (?:context|description)\b|\bcompany (?:description|background)\b|\bcontext\b/,
  },
  {
    what: "branding",
    says: /\bbrand(?:ing)?\b|\bcolou?rs?\b|\b(?:sub)?-?heading\b|\bgreeting\b|\b(?:agent|bot|assistant)(?:'s)? name\b|\bname of the\b|\b(?:agent|bot|assistant) called\b/,
  },
  { what: "all", says: /\bsettings?\b|\bconfigur\w+\b|\bset-?up\b|\beverything\b/ },
];

/** Questions about what is set at present. */
export const readSettings: Reader = ({ text, rest }) => {
  if (!ASKS.test(text.plain)) return undefined;
  const subject = SUBJECTS.find(({ says }) => says.test(text.plain));
  if (!subject) return undefined;
  const json = /\bjson\b/.test(rest.plain);
  const finding = { action: { name: "show_settings", what: subject.what, json } } as const;
  // What follows is the shape of the answer.
  return json ? { finding, length: rest.plain.length } : { finding };
};
