import type { Configuration } from "../storage/configuration.ts";
import type { Turn } from "./agent.ts";
import { introduce, type Topic } from "./persona.ts";
import { HANDOVER_OFFER, ONE_OF_US_TAKES_OVER, PERSON_TAKES_OVER } from "./phrases.ts";

/** A short human reply that needs no search; with a `reason` a person takes over. */
export type Reply = { text: string; reason?: string; isUnresolved?: boolean };

/** Whoever writes more than this wants an answer. */
const MAX_CHARACTERS = 300;

/**
 * The reply to a message that is nothing but small talk, or an answer to the offer of a person. What
 * is configured decides who is speaking; without it, the assistant of the demo's shop.
 */
export function replyToSmallTalk(turns: Turn[], configuration?: Configuration): Reply | undefined {
  const [last, previous] = [turns.at(-1), turns.at(-2)];
  if (!last || last.content.length > MAX_CHARACTERS) return undefined;
  const message = normalise(last.content);
  const handOver: Reply = {
    text: configuration?.context ? ONE_OF_US_TAKES_OVER : PERSON_TAKES_OVER,
    reason: "The customer asked for a person",
  };
  if (WANTS_PERSON.test(message)) return handOver;
  if (previous?.role === "assistant" && previous.content.includes(HANDOVER_OFFER)) {
    if (YES.test(message)) return handOver;
    if (NO.test(message)) return { text: introduce("declined", configuration) };
  }
  if (NOT_HELPED.test(message)) {
    return { text: `I'm sorry that I was no help. ${HANDOVER_OFFER}`, isUnresolved: true };
  }
  const topic = TOPICS.find(({ says }) => says.test(message))?.topic;
  if (topic) return { text: introduce(topic, configuration) };
  const asksForBusiness = configuration?.context && BUSINESS.test(message);
  return asksForBusiness ? { text: introduce("business", configuration) } : undefined;
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
  /\b(?:speak|talk|chat|pass me|connect me|transfer me|hand me over|put me through)\b.*\b(?:person|human|someone|somebody|agent|colleague|employee|people|support|staff|manager|supervisor|representative)\b|^(?:a |an )?(?:real )?(?:person|human|agent)(?: please)?$/;

const NOT_HELPED =
  /^(?:(?:no|sorry|but|hm|hmm) )*(?:that|this|it) (?:(?:did|does|was|is)(?:n't| not) (?:help|helpful|work|what i (?:asked|meant))|still doesn't work)(?: .{0,20})?$/;

const BUSINESS =
  /^(?:what (?:do you (?:do|sell|make|offer)|does (?:your|this|the) (?:company|business|shop|store) (?:do|sell|make|offer)|kind of (?:company|business|shop|store) (?:are you|is this)|is your (?:company|business))|(?:tell me )?(?:more )?about (?:you|yourselves|your (?:company|business|shop|store))|who are you guys)(?: exactly| really)?$/;

const TOPICS: { topic: Topic; says: RegExp }[] = [
  {
    topic: "greeting",
    says: /^(?:hi|hello|hey|hiya|hallo|hoi|howdy|good (?:morning|afternoon|evening|day))(?: (?:there|lex|marlow|all|everyone|again))*(?: (?:is )?any(?:body|one) (?:there|here|home))?$|^(?:is )?any(?:body|one) (?:there|here|home)$/,
  },
  {
    topic: "howAreYou",
    says: /^(?:hi |hello |hey )?(?:how are you(?: (?:doing|today))*|how's it going|what's up)$/,
  },
  {
    topic: "thanks",
    says: /^(?:(?:ok|okay|great|perfect|super|cool|nice|many|ah|oh|no|that's great) )*(?:thanks|thank you|thx|cheers|ta)(?: (?:a lot|so much|very much|you|lex|for (?:your|the) help|for that|that helps|great|perfect|again))*$/,
  },
  {
    topic: "fine",
    says: /^(?:ok|okay|great|perfect|super|cool|nice|good|got it|all right|alright|i see|that helps|makes sense|awesome|wonderful)$/,
  },
  {
    topic: "goodbye",
    says: /^(?:(?:ok|okay|thanks|thank you) )*(?:bye|goodbye|good bye|bye bye|see you|see ya|good night|have a (?:nice|good|great) (?:day|evening|weekend|one))(?: (?:then|later|soon|now|lex))*$/,
  },
  {
    topic: "who",
    says: /^(?:(?:hi|hello|hey) )?(?:who are you|what are you|what's your name|what is your name|are you (?:a )?(?:real |an? )?(?:bot|robot|human|person|ai|real|machine|chatbot))$/,
  },
  {
    topic: "help",
    says: /^(?:(?:hi|hello|hey) )?(?:help|help me|can you help(?: me)?|i need help|i have a question|what can you do|what can i ask(?: you)?|how can you help(?: me)?)(?: please)?$/,
  },
];
