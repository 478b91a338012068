import type { LibraryArticle } from "../organisation/library.ts";
import type { Branding, Configuration } from "../storage/configuration.ts";
import type { Action } from "./actions.ts";

const FIELDS: [field: keyof Branding, label: string][] = [
  ["agentName", "Agent name"],
  ["primaryColor", "Primary colour"],
  ["welcomeHeading", "Welcome heading"],
  ["welcomeSubheading", "Welcome subheading"],
];

/** A list of the values that are set, each with what it was before if that was another. */
export function describeBranding(branding: Branding, before: Branding = {}): string {
  const lines = FIELDS.flatMap(([field, label]) => {
    const [value, old] = [branding[field], before[field]];
    if (value === undefined) return [];
    const change = old === undefined || old === value ? "" : `${old} → `;
    return [`- ${label}: ${change}**${value}**`];
  });
  return lines.join("\n");
}

export function describeRules(rules: string[]): string {
  return rules.map((rule) => `- ${rule}`).join("\n");
}

export function describeArticles(articles: LibraryArticle[]): string {
  if (articles.length === 0) return "There is no article yet.";
  const lines = articles.map(
    ({ title, category }) => `- ${title}${category ? ` (${category})` : ""}`,
  );
  const count = articles.length === 1 ? "is 1 article" : `are ${articles.length} articles`;
  return `There ${count}:\n\n${lines.join("\n")}`;
}

/** What is set; as JSON, with null for what is not, when a program asks. */
export function describeSettings(
  configuration: Configuration,
  { what, json }: Pick<Extract<Action, { name: "show_settings" }>, "what" | "json">,
): string {
  if (json) return JSON.stringify(toJson(configuration, what));
  const parts = { context: toContext, branding: toBranding, rules: toRules };
  if (what !== "all") return parts[what](configuration);
  return [toContext, toBranding, toRules].map((part) => part(configuration)).join("\n\n");
}

function toJson({ context, branding, rules }: Configuration, what: string): unknown {
  const complete = Object.fromEntries(FIELDS.map(([field]) => [field, branding[field] ?? null]));
  if (what === "branding") return complete;
  if (what === "rules") return rules;
  return what === "context" ? { context } : { context, branding: complete, rules };
}

function toContext({ context }: Configuration): string {
  return context ? `Business context: ${context}` : "There is no business context yet.";
}

function toBranding({ branding }: Configuration): string {
  const list = describeBranding(branding);
  return list ? `The branding is:\n\n${list}` : "No branding is set: the site's own is used.";
}

function toRules({ rules }: Configuration): string {
  const kinds = (["business", "escalation"] as const).flatMap((kind) =>
    rules[kind].length > 0 ? [`The ${kind} rules:\n\n${describeRules(rules[kind])}`] : [],
  );
  return kinds.length > 0 ? kinds.join("\n\n") : "There are no rules yet.";
}
