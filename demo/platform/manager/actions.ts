import type { Branding, RuleKind } from "../storage/configuration.ts";
import type { Period } from "./period.ts";

/** What an owner may ask for. Texts are as written; a colour is #rgb or #rrggbb. */
export type Action =
  | { name: "set_business_context"; text: string }
  | { name: "add_article"; title: string; content: string; category?: string }
  | { name: "update_article"; title: string; content: string }
  | { name: "archive_article"; title: string }
  | { name: "show_article"; title: string }
  | { name: "list_articles" }
  | { name: "set_branding"; branding: Branding }
  | { name: "add_rules"; kind: RuleKind; rules: string[] }
  | { name: "remove_rules"; kind: RuleKind; rules: string[] }
  | { name: "show_settings"; what: Settings; json: boolean }
  | { name: "show_analytics"; period: Period };

export type Settings = "branding" | "rules" | "context" | "all";
