/** What the loader without inlined settings reads from its own tag. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseSettings } from "../../proxy/config.ts";
import type { WidgetSettings } from "../../proxy/protocol.ts";

let warnings: string[] = [];

beforeEach(() => {
  vi.resetModules();
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => void warnings.push(text));
});
afterEach(() => vi.restoreAllMocks());

async function settingsOf(attributes: Record<string, string>): Promise<WidgetSettings> {
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
  return (await import("../../widget/tag-settings.ts")).settings;
}

test("a tag that says nothing means what a proxy with no settings would write", async () => {
  const names = ["feedback", "conversations", "limitMessageCharacters"] as const;
  const { feedback, conversations, limitMessageCharacters } = parseSettings(names, {});
  expect(await settingsOf({})).toEqual({
    branding: {},
    feedback,
    newConversation: conversations !== "shared",
    messageCharacters: limitMessageCharacters,
  });
});

test("a tag turns features off and sets the limit", async () => {
  const settings = await settingsOf({
    "data-feedback": "off",
    "data-new-conversation": "off",
    "data-message-characters": "500",
  });
  expect(settings).toEqual({
    branding: {},
    feedback: false,
    newConversation: false,
    messageCharacters: 500,
  });
  expect(warnings).toEqual([]);
});

test.each([
  ["data-feedback", "no"],
  ["data-new-conversation", ""],
  ["data-message-characters", "-1"],
  ["data-message-characters", "many"],
])("%s=%j is one console line, and the default is used", async (attribute, value) => {
  expect(await settingsOf({ [attribute]: value })).toEqual(await settingsOf({}));
  expect(warnings).toEqual([
    expect.stringMatching(new RegExp(`^\\[lex-chat\\] ${attribute}="${value}" .*: use \\w+$`)),
  ]);
});
