/** Values of a YAML document as entries, with their places in the file. Pure. */
import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Scalar } from "yaml";
import type { Entry, PlatformName, Position } from "./entry.ts";

const MAX_SHOWN_CHARACTERS = 40;

export type Context = {
  document: Document.Parsed;
  platform: PlatformName;
  toPosition: (offset: number) => Position;
  complain: (position: Position, says: string) => void;
};

/** `name` is what it is called in messages; `start`: where to look for what is not there. */
export function toEntry(written: Node | null, name: string, context: Context, start = 0): Entry {
  const { document, platform, toPosition, complain } = context;
  const position = toPosition(written?.range?.[0] ?? start);
  const node = isAlias(written) ? (written.resolve(document) ?? null) : written;
  const text = isScalar(node) ? toText(node) : null;
  return {
    position,
    name,
    text,
    platform,
    items: () =>
      isSeq(node)
        ? node.items.map((item) => toEntry(item as Node | null, name, context, node.range?.[0]))
        : null,
    fields: () =>
      isMap(node)
        ? node.items.map(({ key, value }) => {
            const name = (isScalar(key) ? toText(key) : null) ?? "?";
            const at = (key as Node).range?.[0];
            return {
              key: toEntry(key as Node, name, context, at),
              value: toEntry(value as Node | null, name, context, at),
            };
          })
        : null,
    complain: (says) => complain(position, says),
    refuse: (fix) => complain(position, `${name} is ${describe(node, text)}: ${fix}`),
  };
}

/** Plain numbers as they were written: 4.90 is not 4.9 to whoever compares texts. */
function toText({ value, source }: Scalar): string | null {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? null : (source ?? String(value));
}

function describe(node: Node | null, text: string | null): string {
  if (text !== null) return shorten(JSON.stringify(text));
  if (isSeq(node)) return "a list";
  return isMap(node) ? "a mapping" : "empty";
}

export const shorten = (text: string): string =>
  text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
