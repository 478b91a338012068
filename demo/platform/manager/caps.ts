import type { Action } from "./actions.ts";

/** As many as Lexey's largest plan has. */
export const MAX_ARTICLES = 250;
/** Of each kind. */
export const MAX_RULES = 50;

/** Characters. */
const CAPS: Record<string, number> = {
  "business context": 5000,
  "article's title": 120,
  "article's text": 20_000,
  category: 60,
  agentName: 60,
  primaryColor: 7,
  welcomeHeading: 120,
  welcomeSubheading: 200,
  rule: 500,
};

/** A sentence about the first text of an action that is too long; undefined when none is. */
export function findExcess(action: Action): string | undefined {
  const [name, text, cap] =
    textsOf(action)
      .map(([name, text]) => [name, text, CAPS[name] ?? 0] as const)
      .find(([, text, cap]) => text.length > cap) ?? [];
  if (name === undefined || text === undefined) return undefined;
  return `The ${name} is too long: ${text.length} characters, at most ${cap}.`;
}

function textsOf(action: Action): [name: string, text: string][] {
  switch (action.name) {
    case "set_business_context":
      return [["business context", action.text]];
    case "set_branding":
      return Object.entries(action.branding);
    case "add_article":
      return [
        ["article's title", action.title],
        ["article's text", action.content],
        ["category", action.category ?? ""],
      ];
    case "update_article":
      return [["article's text", action.content]];
    case "add_rules":
      return action.rules.map((rule) => ["rule", rule]);
    default:
      return [];
  }
}
