import type { Branding, WidgetSettings } from "../proxy/protocol.ts";
import { warn } from "./console.ts";
import { launcher as strings } from "./locales/en.ts";

/** What a page may set: by `data-*` attributes, or in camelCase by `mount()`. */
export type Options = Branding & {
  /** Base URL of the proxy; default: where `widget.js` came from. */
  proxy: string;
  /** `auto` follows the visitor's system. */
  theme: "auto" | "light" | "dark";
  position: "right" | "left";
  /** Distance from the edges of the window in pixels; default 20. */
  offset: number;
  /** Default 1000. */
  zIndex: number;
  /** A language tag, for times; default: the browser's. */
  locale: string;
  /** Questions on the welcome screen; as one text, separated by `|`. */
  suggestions: readonly string[] | string;
};

/** What `mount()` takes. */
export type ChatOptions = Partial<Options> & Pick<Options, "proxy">;

/** Every option, checked, as text; never changed, only replaced. */
export type Config = Readonly<Record<keyof Options, string>> &
  Readonly<Pick<WidgetSettings, "newConversation" | "messageCharacters">>;

type Rule = {
  byDefault: string;
  right: { test(text: string): boolean };
  /** Shown with a wrong value, if not the default. */
  example?: string;
};

const brandingRules: Record<keyof Branding, Rule> = {
  agentName: { byDefault: strings.agentName, right: /\S/ },
  primaryColor: { byDefault: "#2563eb", right: /^#([\da-f]{3}){1,2}$/i },
  welcomeHeading: { byDefault: strings.welcomeHeading, right: /^/ },
  welcomeSubheading: { byDefault: strings.welcomeSubheading, right: /^/ },
};

const rules: Record<keyof Options, Rule> = {
  ...brandingRules,
  proxy: {
    byDefault: "",
    right: { test: (text) => /^(https?:\/)?\//.test(text) && URL.canParse(text, document.baseURI) },
    example: "https://chat.example.com",
  },
  theme: { byDefault: "auto", right: /^(auto|light|dark)$/, example: "auto, light or dark" },
  position: { byDefault: "right", right: /^(left|right)$/, example: "left or right" },
  offset: { byDefault: "20", right: /^\d{1,4}$/ },
  zIndex: { byDefault: "1000", right: /^\d{1,9}$/ },
  locale: { byDefault: "", right: /^[a-z]{2,3}(-[a-z]{4})?(-[a-z]{2})?$/i, example: "de-AT" },
  suggestions: { byDefault: "", right: /^/ },
};

/** Writes the name of an option as the page's author wrote it. */
type Label = (name: string) => string;

/**
 * Defaults ← the proxy's settings ← what the page says. A wrong value, or a name that looks like a
 * slip of one of ours, is one console line. `base` is where the proxy is if the page doesn't say.
 */
export function createConfig(
  page: object,
  label: Label,
  settings: Partial<WidgetSettings> = {},
  base = "",
): Config {
  const { branding = {}, newConversation = true, messageCharacters = 8000 } = settings;
  const defaults = Object.entries(rules).map(([name, { byDefault }]) => [name, byDefault]);
  const texts: Record<keyof Options, string> = {
    ...Object.fromEntries(defaults),
    ...parse(branding, (name) => `the proxy's ${name}`, brandingRules),
    ...parse(page, label, rules),
  };
  const proxy = texts.proxy || base;
  return {
    ...texts,
    proxy: proxy && new URL(proxy.replace(/\/?$/, "/"), document.baseURI).href,
    newConversation,
    messageCharacters,
  };
}

/** The config with another branding, as far as `branding` is right. */
export function rebrand(config: Config, branding: Partial<Branding>): Config {
  return { ...config, ...parse(branding, (name) => name, brandingRules) };
}

/** Keeps the values that are right. */
function parse(values: object, label: Label, rules: Readonly<Record<string, Rule>>) {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(values) as [string, unknown][]) {
    const rule = Object.hasOwn(rules, name) && rules[name];
    if (!rule) {
      const meant = Object.keys(rules).find((known) => isNear(name, known));
      if (meant) warn(`${label(name)} is not known. Do you mean ${label(meant)}?`);
    } else if (value !== undefined) {
      const text = (Array.isArray(value) ? value.join("|") : String(value)).trim();
      const { right, example = rule.byDefault } = rule;
      if (right.test(text)) texts[name] = text;
      else warn(`${label(name)}="${text}" is not used. Write it like this: ${example}`);
    }
  }
  return texts;
}

/** One place differs, by two letters at most; in short names by one. Case and hyphens don't count. */
function isNear(name: string, known: string): boolean {
  const [a = "", b = ""] = [name, known].map((word) => word.replace(/\W/g, "").toLowerCase());
  const most = b.length > 6 ? 2 : 1;
  return (
    Math.abs(a.length - b.length) <= most &&
    [...b].some((_, at) => a.startsWith(b.slice(0, at)) && a.endsWith(b.slice(at + most)))
  );
}
