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

/** Every option, checked, as text (empty: the locale's own words, or the browser's choice); never changed, only replaced. */
export type Config = Readonly<Record<keyof Options, string>> &
  Readonly<Omit<WidgetSettings, "branding">>;

/** The default; what is right; how it is written, if the default doesn't show it. */
type Rule = readonly [byDefault: string, right: RegExp, example?: string];

const brandingRules: Record<keyof Branding, Rule> = {
  agentName: [strings.agentName, /\S/],
  primaryColor: ["#2563eb", /^#([\da-f]{3}){1,2}$/i],
  welcomeHeading: ["", /^/],
  welcomeSubheading: ["", /^/],
};

const rules: Record<keyof Options, Rule> = {
  ...brandingRules,
  proxy: ["", /^(https?:\/\/[\w.-]+(:\d+)?)?(\/\S*)?$/, "https://chat.example.com"],
  theme: ["auto", /^(auto|light|dark)$/, "auto, light or dark"],
  position: ["right", /^(left|right)$/, "left or right"],
  offset: ["20", /^\d{1,4}$/],
  zIndex: ["1000", /^\d{1,9}$/],
  locale: ["", /^[a-z]{2,3}(-[a-z]{4})?(-[a-z]{2})?$/i, "de-AT"],
  suggestions: ["", /^/],
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
  { branding, ...features }: WidgetSettings,
  base = "",
): Config {
  const defaults = Object.entries(rules).map(([name, [byDefault]]) => [name, byDefault]);
  const texts: Record<keyof Options, string> = {
    ...Object.fromEntries(defaults),
    ...parse(branding, (name) => `the proxy's ${name}`, brandingRules),
    ...parse(page, label, rules),
  };
  const proxy = texts.proxy || base;
  return {
    ...texts,
    proxy: proxy && new URL(proxy.replace(/\/?$/, "/"), document.baseURI).href,
    ...features,
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
      if (meant) warn(`${label(name)} is not known: do you mean ${label(meant)}?`);
    } else if (value !== undefined) {
      const text = (Array.isArray(value) ? value.join("|") : String(value)).trim();
      const [byDefault, right, example = byDefault] = rule;
      if (right.test(text)) texts[name] = text;
      else warn(`${label(name)}="${text}" is not used: use ${example}`);
    }
  }
  return texts;
}

/** One place differs, by two letters at most; in short names by one. Case doesn't count. */
function isNear(name: string, known: string): boolean {
  const [a, b] = [name.toLowerCase(), known.toLowerCase()];
  const most = b.length > 6 ? 2 : 1;
  return (
    Math.abs(a.length - b.length) <= most &&
    [...b].some((_, at) => a.startsWith(b.slice(0, at)) && a.endsWith(b.slice(at + most)))
  );
}
