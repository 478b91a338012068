import { HANDOVER_OFFER, PERSON_TAKES_OVER } from "./phrases.ts";
import type { Turn } from "./agent.ts";

/** A short human reply that needs no search. */
export type Reply = { text: string; escalate?: boolean };

/** Whoever writes more than this wants an answer. */
const MAX_CHARACTERS = 300;

/** The reply to a message that is nothing but small talk, or an answer to the offer of a person. */
export function replyToSmallTalk(turns: Turn[]): Reply | undefined {
  const [last, previous] = [turns.at(-1), turns.at(-2)];
  if (!last || last.content.length > MAX_CHARACTERS) return undefined;
  const message = normalise(last.content);
  if (WANTS_PERSON.test(message)) return { text: PERSON_TAKES_OVER, escalate: true };
  if (previous?.role === "assistant" && previous.content.includes(HANDOVER_OFFER)) {
    if (YES.test(message)) return { text: PERSON_TAKES_OVER, escalate: true };
    if (NO.test(message)) {
      return { text: "All right. Ask me anything else about our gear, our beans or your order." };
    }
  }
  return SMALL_TALK.find(({ says }) => says.test(message))?.reply;
}

/** Lower case, one space between words, no punctuation but apostrophes. */
function normalise(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[^\p{L}\p{N}']+/gu, " ")
    .trim();
}

const YES =
  /^(?:yes|yeah|yep|yup|sure|ok|okay|please|of course|that would be (?:great|nice|good))(?: (?:please|do|thanks|thank you|that would be (?:great|nice|good)|go ahead|pass me on))*$/;
const NO =
  /^(?:no|nope|nah|not now|not really|never mind|no need)(?: (?:thanks|thank you|it's (?:ok|okay|fine)))*$/;
const WANTS_PERSON =
  /\b(?:speak|talk|chat|pass me|connect me|transfer me|hand me over|put me through)\b.*\b(?:person|human|someone|somebody|agent|colleague|employee|people|support)\b|^(?:a |an )?(?:real )?(?:person|human|agent)(?: please)?$/;

const NOT_HELPED =
  /^(?:(?:no|sorry|but|hm|hmm) )*(?:that|this|it) (?:(?:did|does|was|is)(?:n't| not) (?:help|helpful|work|what i (?:asked|meant))|still doesn't work)(?: .{0,20})?$/;

const SMALL_TALK: { says: RegExp; reply: Reply }[] = [
  {
    says: /^(?:hi|hello|hey|hiya|hallo|hoi|howdy|good (?:morning|afternoon|evening|day))(?: (?:there|lex|marlow|all|everyone|again))*$/,
    reply: {
      text: "Hello! What can I do for you: something about our gear, our beans or an order?",
    },
  },
  {
    says: /^(?:hi |hello |hey )?(?:how are you(?: (?:doing|today))*|how's it going|what's up)$/,
    reply: { text: "Very well, thank you. The coffee is good here. What can I help you with?" },
  },
  {
    says: /^(?:(?:ok|okay|great|perfect|super|cool|nice|many|ah|oh|no|that's great) )*(?:thanks|thank you|thx|cheers|ta)(?: (?:a lot|so much|very much|you|lex|for (?:your|the) help|for that|that helps|great|perfect|again))*$/,
    reply: { text: "You're welcome! Enjoy your coffee." },
  },
  {
    says: /^(?:ok|okay|great|perfect|super|cool|nice|good|got it|all right|alright|i see|that helps|makes sense|awesome|wonderful)$/,
    reply: { text: "Good. Is there anything else that I can help you with?" },
  },
  {
    says: /^(?:(?:ok|okay|thanks|thank you) )*(?:bye|goodbye|good bye|bye bye|see you|see ya|good night|have a (?:nice|good|great) (?:day|evening|weekend|one))(?: (?:then|later|soon|now|lex))*$/,
    reply: { text: "Goodbye, and have a good cup!" },
  },
  {
    says: NOT_HELPED,
    reply: { text: `I'm sorry that I was no help. ${HANDOVER_OFFER}` },
  },
  {
    says: /^(?:(?:hi|hello|hey) )?(?:who are you|what are you|what's your name|what is your name|are you (?:a )?(?:real |an? )?(?:bot|robot|human|person|ai|real|machine|chatbot))$/,
    reply: {
      text: "I'm Marlow's assistant, a program and not a person. I answer from our help pages, and when I don't know something I can pass you to one of us.",
    },
  },
  {
    says: /^(?:(?:hi|hello|hey) )?(?:help|help me|can you help(?: me)?|i need help|i have a question|what can you do|what can i ask(?: you)?|how can you help(?: me)?)(?: please)?$/,
    reply: {
      text: "Of course. I can tell you about:\n\n- our grinder, kettle, dripper and scale\n- beans and subscriptions\n- shipping, returns and payment\n- warranty and repairs\n- how to brew with all of it\n\nWhat would you like to know?",
    },
  },
];
