import type { WidgetSettings } from "../proxy/protocol.ts";
import type { Options, PageOptions } from "./options.ts";
import { toProxyUrl } from "./store.ts";

type TextOption = Exclude<keyof Options, "texts" | "onIdentityExpired">;

/**
 * Every option, checked, as text (empty: the locale's own words, or the browser's choice); never
 * changed, only replaced.
 */
export type Config = Readonly<Record<TextOption, string>> &
  Readonly<Pick<PageOptions, "texts">> &
  Readonly<Partial<Pick<Options, "onIdentityExpired">>> &
  Readonly<Omit<WidgetSettings, "branding">>;

/** A value that is not used, or a name that nobody knows. */
export type Problem = { name: string; value: string; isOwners: boolean };

export type ConfigSource = {
  options: PageOptions;
  /** The proxy's. */
  settings: WidgetSettings;
  /** Where the proxy is if the page doesn't say; its options are `data-*` then. */
  base?: string | undefined;
};

/** The default, and what is right. */
export const rules: Readonly<Record<TextOption, readonly [byDefault: string, right: RegExp]>> = {
  agentName: ["", /^/],
  primaryColor: ["#2563eb", /^#([\da-f]{3}){1,2}$/i],
  welcomeHeading: ["", /^/],
  welcomeSubheading: ["", /^/],
  proxy: ["", /^(https?:\/\/[\w.-]+(:\d+)?)?(\/\S*)?$/],
  theme: ["auto", /^(auto|light|dark)$/],
  position: ["right", /^(left|right)$/],
  offset: ["20", /^\d{1,4}$/],
  zIndex: ["1000", /^\d{1,9}$/],
  launcher: ["on", /^(on|off)$/],
  locale: ["", /^[a-z]{2,3}(-[a-z]{4})?(-[a-z]{2})?$/i],
  consent: ["", /^/],
  suggestions: ["", /^/],
};

/** Defaults ← the proxy's settings ← what the page says, as far as it is right; and what is not. */
export function createConfig({ options, settings, base }: ConfigSource): [Config, Problem[]] {
  const { branding, ...features } = settings;
  const { texts, onIdentityExpired, ...page } = options;
  const problems: Problem[] = [];
  const config = { ...features, texts, onIdentityExpired } as Record<string, unknown>;

  function take(values: object, isOwners: boolean) {
    for (const [name, value] of Object.entries(values) as [string, unknown][]) {
      const text = (Array.isArray(value) ? value.join("|") : String(value ?? "")).trim();
      const isRight = Object.hasOwn(rules, name) && rules[name as TextOption][1].test(text);
      if (isRight) config[name] = text;
      else if (value !== undefined) problems.push({ name, value: text, isOwners });
    }
  }

  for (const [name, [byDefault]] of Object.entries(rules)) config[name] = byDefault;
  take(branding, true);
  take(page, false);
  config["proxy"] = toProxyUrl(String(config["proxy"] || base));
  return [config as Config, problems];
}
