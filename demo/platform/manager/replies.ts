import { isSmallTalk } from "./reading/small-talk.ts";
import { toText } from "./reading/text.ts";

const ABILITIES = `I set up the agent that answers your customers. Tell me, in your own words:

- **your business**: “We are a bakery in Leeds.”
- **knowledge articles** to add, update, archive or list: “Add an article about pricing: …”
- **branding**: “Set the agent name to Bella and the primary colour to #2563EB.”
- **rules**: “Never promise a delivery date.” “Escalate refund requests over $100.”
- **how it goes**: “How have we performed over the last 7 days?”`;

const SMALL_TALK: { says: RegExp; reply: string }[] = [
  {
    says: /\b(?:can|do) you do\b|\bhelp\b|\bwork\b|\bwho are you\b|\bwhat are you\b|\bi (?:ask|do|say)\b/,
    reply: ABILITIES,
  },
  { says: /\b(?:thanks?|thx|cheers|appreciated)\b/, reply: "You're welcome!" },
  {
    says: /\b(?:never ?mind|forget it|cancel|stop|no|nope|nah|no need|not now)\b/,
    reply: "All right, nothing has changed.",
  },
  { says: /\bhow are you\b/, reply: "Very well, thank you. What shall I set up?" },
  {
    says: /\b(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day))\b/,
    reply: "Hello! What shall I set up?",
  },
  { says: /\b(?:bye|goodbye|see you)\b/, reply: "Goodbye!" },
];

/** The answer to a message that asks for nothing that can be done. */
export function replyToNothing(message: string): string {
  const { plain } = toText(message.trim());
  if (!isSmallTalk(plain))
    return `I don't know what to do with that, and have changed nothing. ${ABILITIES}`;
  return (
    SMALL_TALK.find(({ says }) => says.test(plain))?.reply ??
    "Good. Is there anything else to set up?"
  );
}
