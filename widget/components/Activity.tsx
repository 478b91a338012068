import type { Strings } from "../locales/en.ts";
import { format } from "../locales/format.ts";

/** What the agent does while no text comes: three dots, and the tool that runs. */
export function Activity({ strings, tool }: { strings: Strings; tool: string | undefined }) {
  return (
    <p class="activity">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span class={tool ? "" : "unseen"}>{tool ? describe(tool, strings) : strings.thinking}</span>
    </p>
  );
}

function describe(tool: string, { searching, usingTool }: Strings): string {
  const words = humanize(tool);
  const found = words.replace(/^(search|find|look ?up)( for)? /, "");
  return format(found === words ? usingTool : searching, { tool: found });
}

/** `searchHelp_articles` → `search help articles`. */
function humanize(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[^\p{L}\d]+/gu, " ")
    .trim()
    .toLowerCase();
}
