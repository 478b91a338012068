/** Finds the JSON objects in an agent's answer: alone, in a code fence, or among words. Pure. */

/** An answer full of braces is not tried for ever. */
const MAX_TRIES = 20;

/** In the order they stand; an object within one that was read is not looked for. */
export function findJsonObjects(text: string): Array<Record<string, unknown>> {
  const found: Array<Record<string, unknown>> = [];
  let start = text.indexOf("{");
  for (let tries = 0; start >= 0 && tries < MAX_TRIES; tries += 1) {
    const end = endOfObject(text, start);
    const value = end === null ? null : parse(text.slice(start, end));
    if (value) found.push(value);
    start = text.indexOf("{", value && end !== null ? end : start + 1);
  }
  return found;
}

/** Behind the brace that closes the one at `start`; those in strings don't count. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  let isString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (isString && character === "\\") index += 1;
    else if (character === '"') isString = !isString;
    else if (!isString && character === "{") depth += 1;
    else if (!isString && character === "}") depth -= 1;
    if (depth === 0) return index + 1;
  }
  return null;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
