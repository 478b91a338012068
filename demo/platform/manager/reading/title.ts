import { capitalise, find, toValue, type Text } from "./text.ts";

/** "# Warranty …", "Gift wrapping. We wrap …" and "Parking: there is …" bring their titles. */
export function splitTitle(payload: Text | undefined): {
  title?: string;
  content?: Text | undefined;
} {
  if (!payload) return {};
  const found = TITLED.map((pattern) => find(payload, pattern)).find(Boolean);
  const { title, content } = found ?? {};
  return title && content ? { title: capitalise(toValue(title)), content } : { content: payload };
}

const TITLED = [
  /^#+ +(?<title>[^\n]+)\n+(?<content>[^]+)$/d,
  /^(?<title>[^\n.!?:]{1,80})\n\n(?<content>[^]+)$/d,
  /^(?<title>[^\n.!?]{1,119}\?)\s+(?<content>[^]+)$/d,
  /^(?<title>(?:[^\s.!?:]+ ?){1,5}):\s+(?<content>[^]+)$/d,
  /^(?<title>(?:[^\s.!?:]+ ?){1,4})\.\s+(?<content>[^]+)$/d,
];
