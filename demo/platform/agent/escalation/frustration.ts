const VERY =
  "(?:very |really |so |extremely |quite |pretty |absolutely |just |getting |seriously )*";
const FEELING =
  "(?:angry|furious|frustrated|annoyed|mad|fed up|livid|pissed(?: off)?|sick of (?:this|you|it))";

/** How people say that they have had enough; one is enough. */
const SIGNS = [
  new RegExp(`\\b(?:i'm|i am|we're|we are|this makes me|makes me) ${VERY}${FEELING}\\b`),
  /\b(?:so|very|really|incredibly) (?:frustrating|annoying)\b/,
  /\b(?:this|that|it|it's|you|your (?:service|company|shop|support|bot)) (?:is|are|was|has been)?\s*(?:(?:so|just|really|absolutely|completely|totally|an?|such) )*(?:ridiculous|unacceptable|outrageous|useless|pathetic|a joke|joke|disgrace|disgraceful|scam|rip-?off|nonsense|bullshit)\b/,
  /\b(?:worst|terrible|horrible|awful|appalling|disgusting) (?:customer )?(?:service|support|company|shop|experience|bot|chat)\b/,
  /\b(?:complete|total|utter|such a) waste of (?:my )?(?:time|money)\b|\bwasting my time\b/,
  /\b(?:i've|i have) had enough\b|\benough is enough\b|\bfed up\b/,
  /\b(?:for the|the) (?:third|fourth|fifth|tenth|hundredth|\d+th) time\b/,
  /\b(?:asked|told|said|written|called|explained)\b.{0,40}\b(?:again and again|over and over|(?:three|four|five|ten|many|several|a hundred|\d+) times)\b/,
  /\bwhy (?:won't|can't|don't) you (?:just |ever |even )?(?:answer|listen|understand|help|read)\b/,
  /\byou(?:'re| are) (?:not (?:listening|helping)|no help|useless|stupid|an idiot)\b|\bstupid (?:bot|chat|machine|robot)\b/,
  /\b(?:wtf|ffs|bullshit|fuck(?:ing|ed)?|damn (?:it|bot|you)|piece of (?:crap|shit|junk))\b/,
  /\bi (?:will|'ll|am going to) never (?:buy|order|shop|come back)\b/,
];
const CALM =
  /\b(?:not|n't|never|don't be|isn't) (?:\w+ )?(?:angry|furious|frustrated|annoyed|mad|fed up|ridiculous|unacceptable|useless)\b/;

/** Whether a customer has lost patience. */
export function isFrustrated(message: string): boolean {
  const text = message.toLowerCase().replaceAll("’", "'");
  if (isShouted(message)) return true;
  return !CALM.test(text) && SIGNS.some((sign) => sign.test(text));
}

/** Four words in capitals with a sign of exclamation; "WHERE IS MY ORDER" alone may be a habit. */
function isShouted(message: string): boolean {
  const capitals = message.match(/\b\p{Lu}{2,}\b/gu) ?? [];
  return capitals.length >= 4 && !/\p{Ll}{2}/u.test(message) && message.includes("!");
}
