/** Markdown as a screen reader should say it: without its signs, links by their words. */
export function toSpeech(markdown: string): string {
  const lines = markdown.split("\n").map((line) =>
    line
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/^\s*(#{1,6}|>|[-*+]|```.*)(\s|$)/, "")
      .replace(/^[\s|:-]+$|^\s*\||\|\s*$|[*_`~]/g, "")
      .replace(/\s*\|\s*/g, ", ")
      .trim(),
  );
  return lines.filter(Boolean).join(" ");
}

/**
 * How many characters of a growing `text` can be announced: up to the end of the last sentence or
 * line, or all of it when the text is complete.
 */
export function speakable(text: string, isComplete: boolean): number {
  if (isComplete) return text.length;
  return /^[^]*(?:[.!?…؟](?=\s)|[。！？\n])/.exec(text)?.[0].length ?? 0;
}
