/** A scenario file's text → its scenarios, or everything that is wrong with it. Pure. */
import {
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type YAMLError,
} from "yaml";
import { toPlace, type PlatformName, type Position } from "./entry.ts";
import { isChecked, scenario, type Scenario } from "./scenario.ts";
import { shorten, toEntry, type Context } from "./yaml-entry.ts";

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

  const options = { lineCounter: lines, prettyErrors: false, logLevel: "silent" } as const;
  const parsed = parseAllDocuments(source, options);
  const documents: Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  const broken = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  for (const error of broken) complain(toPosition(error.pos[0]), sayBroken(error));
  if (broken.length > 0) return { scenarios: [], mistakes };

  const scenarios = documents.flatMap((document) => {
    const context = { document, platform, toPosition, complain };
    findCutOff(context);
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return [];
    return scenario.read(toEntry(contents, "the scenario", context)) ?? [];
  });
  // Of a file with mistakes not all is known.
  if (mistakes.length > 0) return { scenarios, mistakes };
  if (scenarios.length === 0)
    complain(toPosition(0), "there is no scenario in it: begin with a line such as name: Shipping");
  for (const { position } of scenarios.filter((scenario) => !isChecked(scenario)))
    complain(position, "the scenario checks nothing, so it can't fail: add contains to a step");
  findDoubles(scenarios, complain);
  return { scenarios, mistakes };
}

/** Results are told apart by their names. */
function findDoubles(scenarios: readonly Scenario[], complain: Context["complain"]): void {
  for (const [index, { name, position }] of scenarios.entries()) {
    const same = scenarios.slice(0, index).find((earlier) => earlier.name === name);
    if (!same) continue;
    const shown = shorten(JSON.stringify(name));
    complain(position, `name is ${shown}, as in line ${same.position.line}: give it another`);
  }
}

/** Text without quotes ends before ` #2563EB`, which its writer took for a colour and YAML for a comment. */
function findCutOff({ document, toPosition, complain }: Context): void {
  visit(document, {
    Scalar(_, { type, comment, range }) {
      const [word] = /^\S+/.exec(comment ?? "") ?? [];
      if (type === "PLAIN" && word !== undefined)
        complain(
          toPosition(range?.[0] ?? 0),
          `the text ends before #${word}, a comment in YAML: put it into quotes, or a space after the #`,
        );
    },
  });
}

function sayBroken({ code, message }: YAMLError): string {
  const fix = FIXES[code];
  return fix === undefined ? message : `${message}: ${fix}`;
}
