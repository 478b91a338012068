import { askForTitle } from "./article-questions.ts";
import type { Question, Reader } from "./reading.ts";
import { capitalise, toValue, type Text } from "./text.ts";

/** A fact about the business, of which nobody said what to do with it. */
const FACT =
  /^we (?:(?:also|only|now|currently|usually) )?(?:are (?:open|closed|located|based)|accept|bake|brew|build|charge|close|deliver|design|don't|do not|help|make|offer|open|organi[sz]e|produce|provide|rent|repair|sell|serve|ship|speciali[sz]e|supply|take|teach|work with)\b/;

export const readStatement: Reader = ({ text }) =>
  FACT.test(text.plain) ? { finding: { question: askForPurpose(text) } } : undefined;

function askForPurpose(fact: Text): Question {
  const said = capitalise(toValue(fact));
  return {
    about: "purpose",
    text: `What shall I do with “${said.slice(0, 200)}”: keep it as your business context, as an article or as a rule?`,
    isOpen: false,
    answer: ({ plain }) => {
      if (/\bcontext\b/.test(plain))
        return { action: { name: "set_business_context", text: said } };
      if (/\brule\b/.test(plain)) {
        return { action: { name: "add_rules", kind: "business", rules: [said] } };
      }
      return /\barticle\b/.test(plain) ? { question: askForTitle(said) } : undefined;
    },
  };
}
