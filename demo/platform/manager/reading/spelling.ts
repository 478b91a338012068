/** Words that decide what a message means, long enough that one wrong letter leaves no doubt. */
const VOCABULARY = new Set(
  `analytics archive article articles assistant branding business category change colour content
  context conversations conversation customer delete escalate escalation heading knowledge message
  messages performance performed performing please primary remove rename statistics subheading update
  welcome yesterday`.split(/\s+/),
);

const SHORTEST = 6;

/** Mends one wrong, missing, doubled or swapped letter; `origin` leads back to the given text. */
export function correctSpelling(text: string): { plain: string; origin: number[] } {
  let plain = "";
  const origin: number[] = [];
  for (const { 0: token, index } of text.matchAll(/[a-z]+|[^a-z]+/g)) {
    const right = correctWord(token);
    plain += right;
    for (let at = 0; at < right.length; at++) origin.push(index + Math.min(at, token.length - 1));
  }
  return { plain, origin: [...origin, text.length] };
}

function correctWord(word: string): string {
  if (word.length < SHORTEST || !/^[a-z]/.test(word) || VOCABULARY.has(word)) return word;
  // The first letter is rarely wrong: "reading" is not "heading".
  const near = [...VOCABULARY].filter((known) => known[0] === word[0] && isOneSlip(word, known));
  return near.length === 1 && near[0] ? near[0] : word;
}

/** Whether two words differ by one letter, or by two neighbours that changed places. */
function isOneSlip(word: string, known: string): boolean {
  const [short, long] = word.length <= known.length ? [word, known] : [known, word];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  // "updated" and "colours" are words of their own.
  if (long === word && start === short.length) return word.at(-1) === word.at(-2);
  if (long.length > short.length) return short.slice(start) === long.slice(start + 1);
  const isSwap = short[start] === long[start + 1] && short[start + 1] === long[start];
  return (
    short.slice(start + 1) === long.slice(start + 1) ||
    (isSwap && short.slice(start + 2) === long.slice(start + 2))
  );
}
