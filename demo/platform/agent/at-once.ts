import type { Configuration } from "../storage/configuration.ts";
import type { Turn } from "./agent.ts";
import { isAvoided, parseBusinessRules } from "./business-rules.ts";
import { findEscalation, UNRESOLVED } from "./escalation/escalation.ts";
import { AVOIDED, HANDOVER_OFFER } from "./phrases.ts";
import { replyToSmallTalk, type Reply } from "./small-talk.ts";

/**
 * Whether the agent hands over of its own accord, when patience is lost or questions stay open
 * (`attentive`), or only when it is asked to or a rule says so.
 */
export type Care = "attentive" | "asked";

/** What is said without looking anything up: by rule, by tone, or because it is small talk. */
export function replyAtOnce(
  turns: Turn[],
  configuration: Configuration,
  care: Care,
): Reply | undefined {
  const { rules } = configuration;
  const escalation = findEscalation(turns, rules.escalation, care === "attentive");
  if (escalation) return escalation;
  const reply = replyToSmallTalk(turns, configuration);
  if (reply?.isUnresolved && care === "attentive" && isStillOpen(turns)) return UNRESOLVED;
  if (reply) return reply;
  const message = turns.at(-1)?.content ?? "";
  return isAvoided(message, parseBusinessRules(rules.business)) ? { text: AVOIDED } : undefined;
}

/** Whether the question before the last one had no answer either. */
export function isStillOpen(turns: Turn[]): boolean {
  const previous = turns.at(-2);
  return previous?.role === "assistant" && previous.content.includes(HANDOVER_OFFER);
}
