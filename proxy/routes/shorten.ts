/** Both parts of a pair that a cut would split have to be seen. */
const LOOK_AHEAD = 2;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The beginning of `text`, at most `maximum` UTF-16 units. What is seen as one character is not split. Pure. */
export function shorten(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  const cut = graphemes.segment(text.slice(0, maximum + LOOK_AHEAD)).containing(maximum);
  return text.slice(0, cut?.index);
}
