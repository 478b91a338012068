/** A scenario file's text → its scenarios, or everything that is wrong with it. Pure. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type Scalar,
  type YAMLError,
} from "yaml";
import type { Entry, PlatformName, Position } from "./entry.ts";
import { scenario, type Scenario } from "./scenario.ts";

const MAX_SHOWN_CHARACTERS = 40;

/** In YAML's own terms a mistake is often far from what its writer did. */
const FIXES: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: "text that has a colon goes into quotes",
  BAD_SCALAR_START: "text that begins with such a sign goes into quotes",
  MULTILINE_IMPLICIT_KEY: "text that has a colon goes into quotes",
  TAB_AS_INDENT: "indent by spaces",
  BAD_INDENT: "fields that belong together begin in the same column",
  DUPLICATE_KEY: "leave one of them out; several texts are a list",
  BAD_DQ_ESCAPE: "use 'single quotes', in which a \\ is nothing special",
};

export type FileReading = { scenarios: Scenario[]; mistakes: string[] };

export const toPlace = ({ file, line, column }: Position): string => `${file}:${line}:${column}`;

/** `file` is its name for messages. Each YAML document is a scenario. */
export function readScenarios(source: string, file: string, platform: PlatformName): FileReading {
  const lines = new LineCounter();
  const mistakes: string[] = [];
  const toPosition = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const complain = (position: Position, says: string): void =>
    void mistakes.push(`${toPlace(position)}: ${says}`);

  const parsed = parseAllDocuments(source, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "silent",
  });
  const documents: Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  const broken = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  for (const error of broken) complain(toPosition(error.pos[0]), sayBroken(error));
  if (broken.length > 0) return { scenarios: [], mistakes };

  const scenarios = documents.flatMap((document) => {
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return [];
    const entry = toEntry(contents, "the scenario", { document, platform, toPosition, complain });
    return scenario.read(entry) ?? [];
  });
  if (scenarios.length === 0 && mistakes.length === 0)
    complain(toPosition(0), "there is no scenario in it: begin with a line such as name: Shipping");
  for (const [index, { name, position }] of scenarios.entries()) {
    const same = scenarios.slice(0, index).find((earlier) => earlier.name === name);
    if (same)
      complain(
        position,
        `name is ${shorten(JSON.stringify(name))}, as in line ${same.position.line}: give it another`,
      );
  }
  return { scenarios, mistakes };
}

function sayBroken({ code, message }: YAMLError): string {
  const fix = FIXES[code];
  return fix === undefined ? message : `${message}: ${fix}`;
}

type Context = {
  document: Document.Parsed;
  platform: PlatformName;
  toPosition: (offset: number) => Position;
  complain: (position: Position, says: string) => void;
};

function toEntry(written: Node | null, name: string, context: Context, start = 0): Entry {
  const { document, platform, toPosition, complain } = context;
  const position = toPosition(written?.range?.[0] ?? start);
  const node = isAlias(written) ? (written.resolve(document) ?? null) : written;
  const text = isScalar(node) ? toText(node) : null;
  return {
    position,
    name,
    text,
    cutOff: isScalar(node) ? findCutOff(node) : null,
    platform,
    items: () =>
      isSeq(node)
        ? node.items.map((item) => toEntry(item as Node | null, name, context, node.range?.[0]))
        : null,
    fields: () =>
      isMap(node)
        ? node.items.map(({ key, value }) => {
            const keyNode = key as Node;
            const keyName = (isScalar(keyNode) ? toText(keyNode) : null) ?? "?";
            const at = keyNode.range?.[0];
            return {
              key: toEntry(keyNode, keyName, context, at),
              value: toEntry(value as Node | null, keyName, context, at),
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

/** A comment has a space after its #; a colour has none. */
function findCutOff({ type, comment }: Scalar): string | null {
  const [word = ""] = /^\S+/.exec(comment ?? "") ?? [];
  return type === "PLAIN" && word !== "" ? word : null;
}

function describe(node: Node | null, text: string | null): string {
  if (text !== null) return shorten(JSON.stringify(text));
  if (isSeq(node)) return "a list";
  return isMap(node) ? "a mapping" : "empty";
}

const shorten = (text: string): string =>
  text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
