/** Parts of patterns that several readers share; all for `plain`. */

/** Whom the owner configures. */
export const BOT = "(?:chat\\s?-?bot|bot|agent|assistant|chat agent|virtual agent|ai)";

export const DETERMINER = "(?:(?:the|our|your|my|its|this|a|an)\\s+)?";

/** What a sentence that asks for something done begins with. */
export const COMMAND =
  "(?:add|archive|call|change|create|delete|drop|edit|escalate|give|list|make|name|put|remove|rename|replace|retire|save|set|show|store|switch|take|tell|turn|update|use|write)";

/** What stands before a request and says nothing. */
const COURTESIES = [
  "please|pls|plz|kindly|hi|hello|hey|and|also|then|now|finally|actually",
  "(?:thanks|thank you|ok|okay|great|perfect|good morning|all right)(?=[,.!])",
  "(?:can|could|would|will) (?:you|we)",
  "i(?:'d| would) like (?:you )?to(?! be)",
  "i(?:'d| would) like(?= (?:the|our|your)\\b)",
  "(?:i|we) (?:want|need)(?: you)?(?: to)?",
  "we(?:'d| would) like (?:you )?to",
  "let's|let us|you can|you should now",
];
const POLITE = new RegExp(`^(?:[\\s,.!-]|\\b(?:${COURTESIES.join("|")})\\b(?![:=]))+`);

/** Where a request begins, after its courtesies. */
export function skipPoliteness(plain: string): number {
  return POLITE.exec(plain)?.[0].length ?? 0;
}
