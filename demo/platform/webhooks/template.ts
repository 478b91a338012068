/** What a body template may name; `{{subject}}` is the conversation's title where there is none. */
export type Variables = {
  message: string;
  conversationId: string;
  from: string;
  conversationTitle: string;
  subject: string;
  timestamp: string;
};

/** Used when the account set none: the body of the document's round-trip sample. */
export const DEFAULT_TEMPLATE = {
  text: "{{message}}",
  conversationId: "{{conversationId}}",
  from: "{{from}}",
};

/**
 * Fills the variables into every string of a JSON value, however deep. Values go in as data: one
 * that holds quotes or `{{from}}` itself stays what it is. Unknown variables are left as written.
 */
export function fillTemplate(template: unknown, variables: Variables): unknown {
  if (typeof template === "string") return fillText(template, variables);
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, variables));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, fillTemplate(value, variables)]),
  );
}

function fillText(text: string, variables: Variables): string {
  const values = new Map(Object.entries(variables));
  return text.replace(
    /\{\{\s*(\w+)\s*\}\}/g,
    (written, name: string) => values.get(name) ?? written,
  );
}
