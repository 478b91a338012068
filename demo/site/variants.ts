import { escapeHtml } from "./markdown.ts";

/** A page of `variants/`, as it is written. */
export type Variant = { file: string; html: string };

/** A list of the pages: each says in its description what it shows, as `Name: what`. */
export function renderVariants(variants: Variant[]): string {
  const items = variants.map(({ file, html }) => {
    const [, description = file] = /name="description"\s+content="([^"]*)"/.exec(html) ?? [];
    const [name = "", what = ""] = description.split(/: (.*)/s);
    return `<li><a href="/variants/${escapeHtml(file)}"><strong>${name}</strong> ${what}</a></li>`;
  });
  return `<main id="content" class="prose wrap">
<h1>The chat on other pages</h1>
<ul class="tiles">
${items.join("\n")}
</ul>
</main>`;
}
