import { parseTriggers } from "../agent/escalation/triggers.ts";
import type { Branding } from "../storage/configuration.ts";
import type { Organisation } from "../organisation/organisation.ts";
import type { Action } from "./actions.ts";
import { findExcess, MAX_ARTICLES, MAX_RULES } from "./caps.ts";
import { describeArticles, describeBranding, describeRules, describeSettings } from "./describe.ts";
import type { Period } from "./period.ts";

/** What came of an action, in Markdown; not `ok` when it was refused and nothing has changed. */
export type Outcome = { ok: boolean; text: string };

export type ActorOptions = {
  organisation: Organisation;
  /** How the agent has done, in Markdown. */
  report: (period: Period) => string;
};

/** Does what an owner asks for. */
export function createActor({ organisation, report }: ActorOptions): (action: Action) => Outcome {
  const { configuration, configure, library } = organisation;

  function setContext(text: string): string {
    const { context } = configuration();
    configure({ context: text });
    const before = context && context !== text ? `\n\nIt was:\n\n${quote(context)}` : "";
    return `The business context is now:\n\n${quote(text)}${before}`;
  }

  function setBranding(change: Branding): string {
    const { branding } = configuration();
    configure({ branding: { ...branding, ...change } });
    return `Done. The branding has changed:\n\n${describeBranding(change, branding)}`;
  }

  function addArticle(title: string, content: string, category: string | null): Outcome {
    const known = library.find(title);
    if (!known && library.list().length >= MAX_ARTICLES) {
      return refuse(
        `There are ${MAX_ARTICLES} articles, the most there can be: archive one first.`,
      );
    }
    library.save({ title, content, category: category ?? known?.category ?? null });
    const where = category ? ` in the category **${category}**` : "";
    return done(
      known
        ? `There was an article **${known.title}** already; I have replaced its text${where}:\n\n${quote(content)}`
        : `I have added the article **${title}**${where}:\n\n${quote(content)}`,
    );
  }

  function updateArticle(title: string, content: string): Outcome {
    const known = library.find(title);
    if (!known) return refuse(`I have no article **${title}**.`);
    library.save({ ...known, content });
    return done(`The article **${known.title}** now says:\n\n${quote(content)}`);
  }

  function archiveArticle(title: string): Outcome {
    const known = library.find(title);
    if (!known) return refuse(`I have no article **${title}**.`);
    library.archive(title);
    return done(`I have archived **${known.title}**: answers no longer come from it.`);
  }

  function showArticle(title: string): Outcome {
    const known = library.find(title);
    if (!known) return refuse(`I have no article **${title}**.`);
    return done(`**${known.title}** says:\n\n${quote(known.content)}`);
  }

  function changeRules({ name, kind, rules }: Extract<Action, { kind: unknown }>): Outcome {
    const all = configuration().rules;
    const known = all[kind];
    const rest = known.filter((rule) => !rules.includes(rule));
    const changed = name === "add_rules" ? [...rest, ...rules] : rest;
    if (changed.length > MAX_RULES) {
      return refuse(`There can be ${MAX_RULES} ${kind} rules: remove one first.`);
    }
    configure({ rules: { ...all, [kind]: changed } });
    const count = rules.length === 1 ? `this ${kind} rule` : `these ${rules.length} ${kind} rules`;
    const verb = name === "add_rules" ? "added" : "removed";
    const vague = name === "add_rules" && kind === "escalation" ? rules.filter(isVague) : [];
    const doubts = vague.map(
      (rule) => `\n\n“${rule}” names nothing that customers would write about: it never applies.`,
    );
    return done(`I have ${verb} ${count}:\n\n${describeRules(rules)}${doubts.join("")}`);
  }

  function act(action: Action): Outcome {
    switch (action.name) {
      case "set_business_context":
        return done(setContext(action.text));
      case "set_branding":
        return done(setBranding(action.branding));
      case "add_article":
        return addArticle(action.title, action.content, action.category ?? null);
      case "update_article":
        return updateArticle(action.title, action.content);
      case "archive_article":
        return archiveArticle(action.title);
      case "show_article":
        return showArticle(action.title);
      case "list_articles":
        return done(describeArticles(library.list()));
      case "add_rules":
      case "remove_rules":
        return changeRules(action);
      case "show_settings":
        return done(describeSettings(configuration(), action));
      case "show_analytics":
        return done(report(action.period));
    }
  }

  return (action) => {
    const excess = findExcess(action);
    return excess ? refuse(`${excess} Nothing has changed.`) : act(action);
  };
}

function isVague(rule: string): boolean {
  return parseTriggers(rule).length === 0;
}

function done(text: string): Outcome {
  return { ok: true, text };
}

function refuse(text: string): Outcome {
  return { ok: false, text };
}

function quote(text: string): string {
  return text.replace(/^/gm, "> ");
}
