import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Organisation } from "../organisation/organisation.ts";
import type { Agent, Step, Turn } from "./agent.ts";
import { isStillOpen, replyAtOnce, type Care } from "./at-once.ts";
import { parseBusinessRules, polish, withMentions } from "./business-rules.ts";
import { composeAnswer } from "./compose.ts";
import { UNRESOLVED } from "./escalation/escalation.ts";
import type { Hit } from "./knowledge.ts";
import { UNKNOWN_ANSWER } from "./phrases.ts";
import { readQuestion } from "./reading.ts";
import { replyToSmallTalk } from "./small-talk.ts";
import { paceTokens } from "./tokens.ts";

export type ArticleAgentOptions = {
  organisation: Organisation;
  care: Care;
  /** Origin of the shop's pages, for the links in answers. */
  siteUrl: string;
  tokensPerSecond: number;
  /** Milliseconds before the first word; with a search, half of it before and half during. */
  thinkingMs: number;
};

/** Answers from the articles alone: no model, no network. */
export function createArticleAgent(options: ArticleAgentOptions): Agent {
  const { organisation, care, siteUrl, tokensPerSecond, thinkingMs } = options;

  async function* say(text: string, signal: AbortSignal): AsyncGenerator<Step> {
    for await (const token of paceTokens(text, tokensPerSecond, signal)) {
      yield { type: "text", text: token };
    }
  }

  return async function* answer(turns: Turn[], signal: AbortSignal): AsyncGenerator<Step> {
    await sleep(thinkingMs / 2, undefined, { signal });
    const configuration = organisation.configuration();
    const guidance = parseBusinessRules(configuration.rules.business);
    const reply = replyAtOnce(turns, configuration, care);
    if (reply) {
      yield* say(polish(reply.text, guidance), signal);
      if (reply.reason !== undefined) yield { type: "escalate", reason: reply.reason };
      return;
    }
    const { query, hits } = readQuestion(organisation.knowledge(), questionsOf(turns));
    const [use, result] = describeSearch(query, hits);
    yield use;
    await sleep(thinkingMs / 2, undefined, { signal });
    yield result;
    if (hits.length > 0) {
      const earlier = turns.filter(({ role }) => role === "assistant").length;
      const answer = withMentions(composeAnswer(hits, earlier, siteUrl), guidance);
      return yield* say(polish(answer, guidance), signal);
    }
    yield { type: "unanswered" };
    const isHopeless = care === "attentive" && isStillOpen(turns);
    yield* say(isHopeless ? UNRESOLVED.text : UNKNOWN_ANSWER, signal);
    if (isHopeless) yield { type: "escalate", reason: UNRESOLVED.reason };
  };
}

/** The visitor's questions; small talk asks nothing and must not hide what was asked before it. */
export function questionsOf(turns: Turn[]): string[] {
  return turns.flatMap(({ role, content }, index) => {
    const isQuestion = role === "user" && !replyToSmallTalk(turns.slice(0, index + 1));
    return isQuestion ? [content] : [];
  });
}

/** The two steps that show a search to whoever watches. */
export function describeSearch(query: string, hits: Hit[]): [Step, Step] {
  const id = `toolu_${randomUUID()}`;
  const name = "search_articles";
  const found = hits.map(({ article, section }) => ({
    title: article.title,
    section: section.heading,
    url: article.url,
  }));
  return [
    { type: "tool_use", id, name, input: { query } },
    { type: "tool_result", id, name, ok: true, result: found },
  ];
}
