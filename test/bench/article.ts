/** A help article as long as one likes, for the demo platform to answer from. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { splitTokens } from "../../demo/platform/agent/tokens.ts";

/** The platform answers this with the whole article. */
export const QUESTION = "Tell me about the long story";

/** How the last sentence of such an answer begins. */
export const LAST_WORDS = "You can read more under";

/** What agents write: prose with emphasis, code, links, lists and now and then a table. */
const PASSAGES = [
  "The **long story** begins where most of them do: with a parcel, a question and *somebody* who waits. Write to [the shop](/help/contact) and say `order 1024`.\n",
  "- Open the box and keep the **label**.\n- Count the parts: there are `12` of them.\n- Put the lid back, see [returns](/help/returns).\n",
  "1. Rinse the filter.\n2. Add _18 grams_ of coffee and 300 ml of water.\n3. Wait for three minutes, then pour.\n",
  "| Part | Material | Price |\n| --- | --- | --- |\n| Burr | Steel | €24.00 |\n| Handle | Oak | €12.50 |\n| Jar | Glass | €9.90 |\n",
  "```js\nconst minutes = grams => Math.ceil(grams / 6);\n```\n",
];

/** Markdown of at least `tokens` tokens, and at most one passage more. Pure. */
export function writeArticle(tokens: number): string {
  const passages: string[] = [];
  while (splitTokens(passages.join("\n")).length < tokens) {
    passages.push(PASSAGES[passages.length % PASSAGES.length] ?? "");
  }
  return passages.join("\n");
}

/** A folder with that article alone. Call `remove` at the end. */
export function createArticleFolder(tokens: number): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "lex-chat-bench-"));
  const front =
    "---\ntitle: The long story\nurl: /help/story\nabout: the long story\nnames: long story\n---\n";
  writeFileSync(join(path, "story.md"), `${front}\n${writeArticle(tokens)}`);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
