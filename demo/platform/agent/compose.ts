import type { Hit } from "./knowledge.ts";
import type { Section } from "./articles.ts";

/**
 * Writes an answer from the sections that were found. `turn` counts the answers before it, so that
 * the opening words change; `siteUrl` makes the articles' links absolute.
 */
export function composeAnswer(hits: Hit[], turn: number, siteUrl: string): string {
  const [first, ...others] = hits;
  if (!first) return "";
  const parts = [
    join(leadIn(first, turn), first.section),
    ...others.map(({ article, section }) =>
      article === first.article
        ? section.markdown
        : `And about ${article.about}:\n\n${section.markdown}`,
    ),
    seeAlso(hits),
  ];
  return absoluteLinks(parts.filter(Boolean).join("\n\n"), siteUrl);
}

function leadIn({ article, section }: Hit, turn: number): string {
  const openings = isProse(section)
    ? ["Happy to help.", "I looked that up for you.", "Good question."]
    : [`Here is what I have on ${article.about}:`, `About ${article.about}:`];
  return openings[turn % openings.length] ?? "";
}

/** A lead-in runs on into prose; before a table or a list it stands alone. */
function join(lead: string, section: Section): string {
  return `${lead}${isProse(section) ? " " : "\n\n"}${section.markdown}`;
}

function isProse({ markdown }: Section): boolean {
  return !/^(?:\||- |\d+\. )/.test(markdown);
}

function seeAlso(hits: Hit[]): string {
  const articles = [...new Set(hits.map(({ article }) => article))];
  const links = articles.flatMap(({ title, url }) => (url ? [`[${title}](${url})`] : []));
  return links.length > 0 ? `You can read more under ${links.join(" and ")}.` : "";
}

function absoluteLinks(markdown: string, siteUrl: string): string {
  return markdown.replaceAll("](/", `](${siteUrl.replace(/\/$/, "")}/`);
}
