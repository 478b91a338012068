// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { WidgetSettings } from "../../../proxy/protocol.ts";
import { createConfig, type Config } from "../../../widget/config.ts";
import { explain } from "../../../widget/explain.ts";
import { settings } from "./settings.ts";

const BASE = "https://chat.example.com/";

/** As the panel does it for a page that writes `data-*`. */
function create(options: object, owners: Partial<WidgetSettings> = {}): Config {
  const [config, problems] = createConfig({
    options,
    settings: { ...settings, ...owners },
    base: BASE,
  });
  explain(problems, true);
  return config;
}

const toAttribute = (name: string) =>
  `data-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
const lines = () => warn.mock.calls.map(([line]) => String(line));

beforeEach(() => void warn.mockClear());
afterEach(() => expect(lines().every((line) => line.startsWith("[lex-chat] "))).toBe(true));

describe("a config", () => {
  it("is complete without any option", () => {
    expect(create({})).toEqual({
      proxy: "https://chat.example.com/",
      agentName: "",
      primaryColor: "#2563eb",
      welcomeHeading: "",
      welcomeSubheading: "",
      theme: "auto",
      position: "right",
      offset: "20",
      zIndex: "1000",
      launcher: "on",
      locale: "",
      consent: "",
      suggestions: "",
      texts: undefined,
      feedback: false,
      newConversation: true,
      messageCharacters: 8000,
    });
    expect(lines()).toEqual([]);
  });

  it("takes the page's word before the proxy's, and the proxy's before the default", () => {
    const owners = {
      branding: { agentName: "Owner's", welcomeHeading: "Owner's heading" },
      messageCharacters: 100,
    };
    const config = create({ agentName: "Page's" }, owners);
    expect(config.agentName).toBe("Page's");
    expect(config.welcomeHeading).toBe("Owner's heading");
    expect(config.primaryColor).toBe("#2563eb");
    expect(config.messageCharacters).toBe(100);
  });

  it.each([
    ["https://chat.example.com", "https://chat.example.com/"],
    ["https://shop.example.com:8443/chat", "https://shop.example.com:8443/chat/"],
    ["http://localhost:8787/", "http://localhost:8787/"],
    ["/chat", "http://localhost:3000/chat/"],
  ])("finds the proxy %s at %s", (proxy, base) => {
    expect(create({ proxy }).proxy).toBe(base);
  });

  it("takes suggestions as a list too", () => {
    expect(create({ suggestions: ["One?", "Two?"] }).suggestions).toBe("One?|Two?");
  });

  it("takes numbers and undefined from a script", () => {
    const config = create({ offset: 32, zIndex: undefined });
    expect(config).toMatchObject({ offset: "32", zIndex: "1000" });
    expect(lines()).toEqual([]);
  });

  it.each([
    ["primaryColor", "blue", "#2563eb"],
    ["primaryColor", "#12345", "#2563eb"],
    ["primaryColor", "#fff;background:url(//evil.example)", "#2563eb"],
    ["theme", "night", "auto, light or dark"],
    ["position", "top", "left or right"],
    ["offset", "-4", "20"],
    ["offset", "2em", "20"],
    ["zIndex", "max", "1000"],
    ["locale", "english please", "de-AT"],
    ["locale", "en-US-US", "de-AT"],
    ["proxy", "chat.example.com", "https://chat.example.com"],
    ["proxy", "javascript:alert(1)", "https://chat.example.com"],
  ])("says in one line, once, that %s=%s is wrong and how it is written", (name, value, fix) => {
    expect(create({ [name]: value })).toEqual(create({}));
    create({ [name]: value });
    expect(lines()).toEqual([`[lex-chat] ${toAttribute(name)}="${value}" is not used: use ${fix}`]);
  });

  it("checks the proxy's branding too", () => {
    const config = create({}, { branding: { primaryColor: "red" } });
    expect(config.primaryColor).toBe("#2563eb");
    expect(lines()[0]).toContain(`the proxy's primaryColor="red"`);
  });
});

describe("a name that is not ours", () => {
  it.each([
    ["primaryColour", "primaryColor"],
    ["primarycolor", "primaryColor"],
    ["agentname", "agentName"],
    ["agentNames", "agentName"],
    ["postion", "position"],
    ["positoin", "position"],
    ["sugestions", "suggestions"],
    ["zindex", "zIndex"],
    ["them", "theme"],
    ["welcomeHeadign", "welcomeHeading"],
  ])("is asked about when it is near: %s, %s", (name, meant) => {
    create({ [name]: "x" });
    expect(lines()).toEqual([
      `[lex-chat] ${toAttribute(name)} is not known: do you mean ${toAttribute(meant)}?`,
    ]);
  });

  it.each([
    "cfasync",
    "turboTrack",
    "id",
    "time",
    "title",
    "themeColor",
    "name",
    "constructor",
    "consent",
  ])("belongs to another tool when it is not: %s", (name) => {
    create({ [name]: "x" });
    expect(lines()).toEqual([]);
  });
});

describe("an option of mount()", () => {
  it("is called by its own name", () => {
    explain(createConfig({ options: { offset: "far" }, settings })[1], false);
    explain(createConfig({ options: { agentNane: "x" } as object, settings })[1], false);
    expect(lines()).toEqual([
      '[lex-chat] offset="far" is not used: use 20',
      "[lex-chat] agentNane is not known: do you mean agentName?",
    ]);
  });

  it("may be words, which stay as they are", () => {
    const texts = { send: "Ask" };
    expect(createConfig({ options: { texts }, settings })[0].texts).toEqual(texts);
  });
});
