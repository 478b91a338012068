/**
 * Hands a text that arrives in pieces on as whole characters (code points), with CRLF and CR as
 * "\n". What is handed on depends on the text alone, never on where it was cut.
 */
export function createCharacters(onCharacter: (character: string) => void) {
  let half = "";
  let last = "";

  function pass(character: string): void {
    if (character !== "\n" || last !== "\r") onCharacter(character === "\r" ? "\n" : character);
    last = character;
  }

  return {
    append(text: string): void {
      const joined = half + text;
      half = /[\uD800-\uDBFF]$/.exec(joined)?.[0] ?? "";
      for (const character of joined.slice(0, joined.length - half.length)) pass(character);
    },
    end(): void {
      if (half) pass(half);
    },
  };
}
