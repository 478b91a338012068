import type { Strings } from "../locales/en.ts";
import { format } from "../locales/format.ts";
import type { Transcript } from "../state/transcript.ts";

type ActivityProps = { strings: Strings; transcript: Transcript };

/** Three dots while no text comes, and the tool that runs. The live region says it in words. */
export function Activity({ strings, transcript }: ActivityProps) {
  const words = describeActivity(transcript, strings);
  return (
    words && (
      <p class="activity" aria-hidden="true">
        <span class="dots">
          <i />
          <i />
          <i />
        </span>
        {transcript.tool && words}
      </p>
    )
  );
}

/** What the agent does while no text comes; nothing when it does nothing, or writes. */
export function describeActivity({ entries, state, tool }: Transcript, strings: Strings): string {
  const last = entries.at(-1);
  if (state === "idle" || (last?.isStreaming && last.content && !tool)) return "";
  return tool ? describeTool(tool, strings) : strings.thinking;
}

function describeTool(tool: string, { searching, usingTool }: Strings): string {
  const words = humanize(tool);
  const found = words.replace(/^(search|find|look ?up)( for)? /, "");
  return format(found === words ? usingTool : searching, found);
}

/** `searchHelp_articles` → `search help articles`. */
function humanize(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[^\p{L}\d]+/gu, " ")
    .trim()
    .toLowerCase();
}
