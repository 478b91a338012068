/** What a script tag says in its attributes. Pure. */
import type { Branding, WidgetSettings } from "../protocol.ts";

type Attributes = Record<string, string>;

/** `agentName` → `data-agent-name`; what is not set is left out. */
export function brandingAttributes(
  branding: Readonly<Partial<Record<keyof Branding, string | null>>>,
): Attributes {
  const given = Object.entries(branding).flatMap(([name, value]) =>
    value === null
      ? []
      : [[`data-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value]],
  );
  return Object.fromEntries(given) as Attributes;
}

/** For a loader into which the proxy writes nothing: all that it would not take for granted. */
export function featureAttributes(settings: Omit<WidgetSettings, "branding">): Attributes {
  const { feedback, newConversation, messageCharacters } = settings;
  return {
    ...(!feedback && { "data-feedback": "off" }),
    ...(!newConversation && { "data-new-conversation": "off" }),
    ...(messageCharacters !== 8000 && { "data-message-characters": String(messageCharacters) }),
  };
}
