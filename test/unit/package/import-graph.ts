/** Reads import statements and judges them by a table of rules. Pure; the tests bring the files. */
import { posix } from "node:path";

/** `dynamic` is `import("…")`; `type` leaves nothing behind when types are stripped. */
export type Import = { specifier: string; kind: "value" | "type" | "dynamic" };

/** Path from the project's root → source text. */
export type Sources = ReadonlyMap<string, string>;

/** What the files that match `files` may import. The first rule that matches a file is its rule. */
export type Rule = {
  files: RegExp;
  /** Files of the project, by path from its root. */
  project?: RegExp;
  /** Further files, if only their types are imported or the import is dynamic. */
  typesOf?: RegExp;
  dynamically?: RegExp;
  /** Packages and Node's own modules, by specifier. */
  packages?: RegExp;
};

const FROM =
  /^(?:import|export)\s+(type\s+)?(?:[\w$]+\s*,?\s*)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})?\s*from\s*"([^"]+)"/gm;
const BARE = /^import\s*"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"/g;

export const withoutComments = (source: string): string =>
  source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");

export function parseImports(source: string): Import[] {
  const code = withoutComments(source);
  const find = (pattern: RegExp, kind: Import["kind"]): Import[] =>
    [...code.matchAll(pattern)].map((match) => ({
      specifier: match.at(-1) ?? "",
      kind: kind === "value" && match.length > 2 && match[1] ? "type" : kind,
    }));
  return [...find(FROM, "value"), ...find(BARE, "value"), ...find(DYNAMIC, "dynamic")];
}

/** The path from the root that a relative specifier means, without `?inline`; null for a package. */
export function resolveImport(from: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  return posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ""));
}

/** One line for each import that no rule allows, and for each file without a rule. */
export function findForbidden(sources: Sources, rules: readonly Rule[]): string[] {
  return [...sources].flatMap(([file, source]) => {
    const rule = rules.find(({ files }) => files.test(file));
    if (!rule) return [`${file} has no rule`];
    return parseImports(source)
      .filter((imported) => !isAllowed(file, imported, rule))
      .map(({ specifier, kind }) => {
        const target = resolveImport(file, specifier) ?? specifier;
        return `${file} → ${target}${kind === "value" ? "" : ` (${kind})`}`;
      });
  });
}

function isAllowed(file: string, { specifier, kind }: Import, rule: Rule): boolean {
  const target = resolveImport(file, specifier);
  if (target === null) return rule.packages?.test(specifier) ?? false;
  if (rule.project?.test(target)) return true;
  if (kind === "type") return rule.typesOf?.test(target) ?? false;
  return kind === "dynamic" && (rule.dynamically?.test(target) ?? false);
}

/** Each cycle once, as `a → b → a`; imports of types count, since they tie files together too. */
export function findCycles(sources: Sources): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();

  function visit(file: string, trail: readonly string[]): void {
    const start = trail.indexOf(file);
    if (start >= 0) cycles.push([...trail.slice(start), file].join(" → "));
    if (start >= 0 || done.has(file)) return;
    const targets = parseImports(sources.get(file) ?? "").map(({ specifier }) =>
      resolveImport(file, specifier),
    );
    for (const target of new Set(targets)) if (target !== null) visit(target, [...trail, file]);
    done.add(file);
  }

  for (const file of sources.keys()) visit(file, []);
  return cycles;
}
