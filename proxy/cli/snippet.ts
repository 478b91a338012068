import { BRANDING_QUESTION } from "../branding/managed-branding.ts";
import { parseBranding } from "../branding/parse-branding.ts";
import { findPinnedLoader, findWidget } from "../built-widget.ts";
import { parseSettings } from "../config.ts";
import type { Branding } from "../protocol.ts";
import { renderTag } from "../script-tag.ts";
import { openManagement } from "./access.ts";
import { readAddress } from "./address.ts";
import { EXIT, JSON_OPTION, toJson, type Command } from "./command.ts";
import { CommandError, UsageError } from "./errors.ts";
import { explained } from "./explain.ts";
import { brandingAttributes, featureAttributes } from "./tag-attributes.ts";

export const snippet: Command = {
  takes: "[public URL]",
  words: 1,
  summary: "prints the script tag for your pages",
  about: [
    "With the branding of the settings as attributes, which win over the proxy's own. With --bare the tag leaves it to the proxy, so that a change there needs none on the pages; that is so anyhow with BRANDING=managed.",
    "With --sri the tag names one version of the loader and its hash: browsers run no other. All that the proxy would write into it is in the attributes; with BRANDING=managed the configuration agent is asked for it. Print a new tag after each upgrade and each change of these settings.",
  ],
  options: {
    bare: { type: "boolean", help: "leaves the branding to the proxy; with --sri to the defaults" },
    sri: { type: "boolean", help: "pins the loader's version by its hash" },
    files: {
      type: "string",
      value: "URL",
      help: "with --sri: where you serve a copy of dist/widget, which outlives the proxy's upgrades",
    },
    json: JSON_OPTION,
  },
  settings: [
    ["PUBLIC_URL", "where visitors reach the proxy"],
    ["AGENT_NAME", "who answers"],
    ["PRIMARY_COLOR", "for example #2563EB"],
    ["WELCOME_HEADING", "the empty chat's first line"],
    ["WELCOME_SUBHEADING", "and its second"],
  ],
  examples: [
    "lex-chat snippet",
    "lex-chat snippet https://chat.example.com --bare",
    "lex-chat snippet --sri",
    "lex-chat snippet --sri --files https://www.example.com/lex-chat",
  ],

  async run(input, terminal) {
    const { publicUrl, branding: source, ...branding } = parseSettings(SETTINGS);
    const address = readAddress(input.words[0]) ?? publicUrl;
    if (address === null)
      throw new CommandError(
        "PUBLIC_URL is not set: a page has to know where the proxy is",
        "set it, or give the address: lex-chat snippet https://chat.example.com",
      );
    const [isPinned, isManaged] = [input.flag("sri"), source === "managed"];
    const files = readAddress(input.text("files"));
    if (files !== null && !isPinned)
      throw new UsageError("--files goes with --sri", "lex-chat snippet --help explains it");

    // Attributes would win over what the configuration agent has set.
    const isBare = input.flag("bare") || (isManaged && !isPinned);
    const managed = isManaged && !isBare ? await askForBranding() : {};
    const branded = isBare ? {} : brandingAttributes({ ...branding, ...managed });
    const { src, attributes } = isPinned
      ? pin(address, files, branded)
      : { src: `${address}/widget.js`, attributes: branded };
    const html = renderTag(src, attributes);
    terminal.print(input.flag("json") ? toJson({ html, src, attributes }) : html);
    if (terminal.areNotesShown && /^http:(?!\/\/localhost\b)/.test(src))
      terminal.note(terminal.style("dim", "By http: pages under https can't load it."));
    return EXIT.ok;
  },
};

const SETTINGS = [
  "publicUrl",
  "branding",
  "agentName",
  "primaryColor",
  "welcomeHeading",
  "welcomeSubheading",
] as const;

/** What the configuration agent has set, as the proxy would ask for it. */
async function askForBranding(): Promise<Partial<Branding>> {
  const { dialogue, asked } = openManagement(null);
  const handlers = { onText: () => undefined, onNotice: () => undefined };
  const { text } = await explained(asked, () =>
    dialogue.ask(BRANDING_QUESTION, handlers, new AbortController().signal),
  );
  const parsed = parseBranding(text);
  if (parsed) return parsed.branding;
  throw new CommandError(
    "the configuration agent's answer holds no branding",
    "try again, or leave the branding out with --bare",
  );
}

/** `files` is where the site serves the widget itself; null is the proxy. */
function pin(address: string, files: string | null, branded: Record<string, string>) {
  const loader = findPinnedLoader(findWidget());
  if (loader === null)
    throw new CommandError("the widget is not built, and has no hash", "run npm run build");
  const { feedback, conversations, limitMessageCharacters } = parseSettings([
    "feedback",
    "conversations",
    "limitMessageCharacters",
  ]);
  const features = {
    feedback,
    newConversation: conversations !== "shared",
    messageCharacters: limitMessageCharacters,
  };
  const attributes: Record<string, string> = {
    integrity: loader.integrity,
    crossorigin: "anonymous",
    ...(files !== null && { "data-proxy": address }),
    ...branded,
    ...featureAttributes(features),
  };
  return { src: `${files ?? address}/${loader.path}`, attributes };
}
