import type { Strings } from "../locales/en.ts";

/** What the agent does while no text comes: three dots, and the tool that runs. */
export function Activity({ strings, tool }: { strings: Strings; tool: string | undefined }) {
  return (
    <li class="activity">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span class={tool ? "" : "unseen"}>
        {tool ? strings.tool(humanize(tool)) : strings.thinking}
      </span>
    </li>
  );
}

/** `searchHelp_articles` → `search help articles`. */
function humanize(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[^\p{L}\d]+/gu, " ")
    .trim()
    .toLowerCase();
}
