import { parseSettings } from "../config.ts";
import { readAddress } from "./address.ts";
import { EXIT, JSON_OPTION, toJson, type Command } from "./command.ts";
import { CommandError } from "./errors.ts";
import { renderTag } from "../script-tag.ts";

export const snippet: Command = {
  takes: "[public URL]",
  words: 1,
  summary: "prints the script tag for your pages",
  about: [
    "With the branding of the settings as attributes, which win over the proxy's own. With --bare the tag leaves it to the proxy, so that a change there needs none on the pages; that is so anyhow with BRANDING=managed.",
  ],
  options: {
    bare: { type: "boolean", help: "leaves the branding to the proxy" },
    json: JSON_OPTION,
  },
  settings: [
    ["PUBLIC_URL", "where visitors reach the proxy"],
    ["AGENT_NAME", "who answers"],
    ["PRIMARY_COLOR", "for example #2563EB"],
    ["WELCOME_HEADING", "the empty chat's first line"],
    ["WELCOME_SUBHEADING", "and its second"],
  ],
  examples: ["lex-chat snippet", "lex-chat snippet https://chat.example.com --bare"],

  async run(input, terminal) {
    const {
      publicUrl,
      branding: source,
      ...branding
    } = parseSettings([
      "publicUrl",
      "branding",
      "agentName",
      "primaryColor",
      "welcomeHeading",
      "welcomeSubheading",
    ]);
    const address = readAddress(input.words[0]) ?? publicUrl;
    if (address === null)
      throw new CommandError(
        "PUBLIC_URL is not set: a page has to know where the proxy is",
        "set it, or give the address: lex-chat snippet https://chat.example.com",
      );
    const src = `${address}/widget.js`;
    // Attributes would win over what the configuration agent has set.
    const isBare = input.flag("bare") || source === "managed";
    const attributes = isBare ? {} : toAttributes(branding);
    const html = renderTag(src, attributes);
    terminal.print(input.flag("json") ? toJson({ html, src, attributes }) : html);
    if (terminal.areNotesShown && /^http:(?!\/\/localhost\b)/.test(src))
      terminal.note(terminal.style("dim", "By http: pages under https can't load it."));
    return EXIT.ok;
  },
};

/** `agentName` → `data-agent-name`; what is not set is left out. */
function toAttributes(branding: Readonly<Record<string, string | null>>): Record<string, string> {
  const given = Object.entries(branding).flatMap(([name, value]) =>
    value === null
      ? []
      : [[`data-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value]],
  );
  return Object.fromEntries(given) as Record<string, string>;
}
