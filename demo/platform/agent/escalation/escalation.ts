import type { Turn } from "../agent.ts";
import { isFrustrated } from "./frustration.ts";
import { matchesTrigger, parseTriggers } from "./triggers.ts";

/** Why a person has to take over: for that person, and for the customer. */
export type Escalation = { reason: string; text: string };

const BY_RULE =
  "Thank you for telling me. This is something for one of us: I'm passing you on, and a person will take over this conversation.";
const BY_FRUSTRATION =
  "I'm sorry about this, and I understand that you've had enough. I'm passing you to one of us, who will take over this conversation.";

/** What a customer's last message calls for by a rule or, if that is listened to, by its tone. */
export function findEscalation(
  turns: Turn[],
  rules: string[],
  isToneHeard = true,
): Escalation | undefined {
  const message = turns.at(-1)?.content ?? "";
  const rule = rules.find((rule) =>
    parseTriggers(rule).some((trigger) => matchesTrigger(message, trigger)),
  );
  if (rule !== undefined) return { reason: `By the rule: ${rule}`, text: BY_RULE };
  if (!isToneHeard || !isFrustrated(message)) return undefined;
  return { reason: "The customer is frustrated", text: BY_FRUSTRATION };
}

/** Instead of another offer, when a second question in a row has no answer. */
export const UNRESOLVED: Escalation = {
  reason: "Two questions in a row that could not be resolved",
  text: "I'm sorry that I can't help with this. I'm passing you to one of us, who will take over this conversation.",
};
