/** Phrases that ask for nothing; a message of nothing else is small talk. */
const PHRASES = [
  "hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|there",
  "thanks?(?: you)?(?: (?:so|very) much| a lot| for (?:that|this|the help|your help))?|thx|cheers|ta|much appreciated",
  "ok|okay|k|great|perfect|super|cool|nice|awesome|wonderful|excellent|lovely|brilliant|good|fine|all right|alright|got it|i see|sounds good|works for me",
  "(?:that|this|it|everything)?(?:'s| is| was| looks?)? ?(?:great|perfect|good|fine|nice|right|correct|all|it|awesome)(?: for (?:now|today))?|well done|good job",
  "yes|yeah|yep|no|nope|nah|sure|never mind|nevermind|forget it|cancel|stop|nothing|not now|no need",
  "bye|goodbye|see you(?: later| soon)?|have a (?:nice|good|great) (?:day|evening|weekend|one)",
  "how are you(?: doing)?(?: today)?|how's it going|what's up",
  "who are you|what are you|what's your name|are you (?:a )?(?:bot|human|real|person|robot|ai)",
  "what (?:can|do) you do(?: for me)?|how (?:does|do) (?:this|it|you) work|how can you help(?: me)?|what can i (?:ask|do|say)(?: you| here)?|help(?: me)?",
  "(?:please )?(?:remember|note|save|keep) (?:that|this|it)|we don't need it any ?more|for me|for now|please|then|so|and|lex|lexey",
];
const SMALL_TALK = new RegExp(
  `^(?:[^\\p{L}\\p{N}#▪"]*\\b(?:${PHRASES.join("|")})(?![\\p{L}\\p{N}']))+[^\\p{L}\\p{N}#▪"]*$`,
  "u",
);

/** Whatever is longer says something. */
const MAX_CHARACTERS = 200;

/** Whether a text (in lower case) is courtesy, and nothing to do. */
export function isSmallTalk(plain: string): boolean {
  return (
    plain.length <= MAX_CHARACTERS && (SMALL_TALK.test(plain) || !/[\p{L}\p{N}▪]/u.test(plain))
  );
}
