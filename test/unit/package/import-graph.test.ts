/** That the check of the dependency rules can fail: small made-up projects with known faults. */
import { describe, expect, test } from "vitest";
import {
  findCycles,
  findForbidden,
  parseImports,
  resolveImport,
  type Rule,
} from "./import-graph.ts";

const project = (files: Record<string, string>) => new Map(Object.entries(files));

describe("reading imports", () => {
  test.each([
    ['import { a } from "./a.ts";', "value", "./a.ts"],
    ['import a from "./a.ts";', "value", "./a.ts"],
    ['import a, { b } from "./a.ts";', "value", "./a.ts"],
    ['import * as a from "./a.ts";', "value", "./a.ts"],
    ['import {\n  a,\n  b,\n} from "./a.ts";', "value", "./a.ts"],
    ['import { type A } from "./a.ts";', "value", "./a.ts"],
    ['import type { A } from "./a.ts";', "type", "./a.ts"],
    ['import type * as a from "./a.ts";', "type", "./a.ts"],
    ['import type {\n  A,\n} from "./a.ts";', "type", "./a.ts"],
    ['export { a } from "./a.ts";', "value", "./a.ts"],
    ['export * from "./a.ts";', "value", "./a.ts"],
    ['export type * from "./a.ts";', "type", "./a.ts"],
    ['export type { A } from "./a.ts";', "type", "./a.ts"],
    ['import "./a.css";', "value", "./a.css"],
    ['const a = await import("./a.ts");', "dynamic", "./a.ts"],
    ['const a = () => import(/* later */ "./a.ts");', "dynamic", "./a.ts"],
  ])("%j is a %s import", (source, kind, specifier) => {
    expect(parseImports(source)).toEqual([{ specifier, kind }]);
  });

  test("several are all found", () => {
    const source = 'import a from "a";\nimport type { B } from "b";\nimport "c";\n\nimport("d");\n';

    expect(parseImports(source).map(({ specifier }) => specifier)).toEqual(["a", "b", "c", "d"]);
  });

  test.each([
    '// import { a } from "./a.ts";',
    '/*\nimport { a } from "./a.ts";\n*/',
    'const text = `read from "./a.ts"`;',
    'test("a letter from \\"b\\"");',
    'export const url = "https://example.com"; // from "x"',
  ])("%j is none", (source) => {
    expect(parseImports(source)).toEqual([]);
  });

  test.each([
    ["a/b.ts", "./c.ts", "a/c.ts"],
    ["a/b.ts", "../c.ts", "c.ts"],
    ["a/b/c.ts", "../../d/e.ts", "d/e.ts"],
    ["a/b.ts", "./c.css?inline", "a/c.css"],
    ["a/b.ts", "express", null],
    ["a/b.ts", "node:fs", null],
  ])("in %s, %s means %s", (from, specifier, path) => {
    expect(resolveImport(from, specifier)).toBe(path);
  });
});

describe("judging imports", () => {
  const rules: Rule[] = [
    {
      files: /^top\/main\.ts$/,
      project: /^middle\//,
      dynamically: /^late\//,
      packages: /^express$/,
    },
    { files: /^middle\//, project: /^middle\//, typesOf: /^types\.ts$/ },
    { files: /^types\.ts$/ },
  ];
  const forbidden = (file: string, source: string): string[] =>
    findForbidden(project({ [file]: source }), rules);

  test.each([
    ["top/main.ts", 'import { a } from "../middle/a.ts";'],
    ["top/main.ts", 'import express from "express";'],
    ["top/main.ts", 'const late = import("../late/panel.ts");'],
    ["middle/a.ts", 'import { b } from "./b.ts";'],
    ["middle/a.ts", 'import type { T } from "../types.ts";'],
    ["types.ts", "export type T = string;"],
  ])("%s may: %s", (file, source) => {
    expect(forbidden(file, source)).toEqual([]);
  });

  test.each([
    ["middle/a.ts", 'import "../top/main.ts";', "middle/a.ts → top/main.ts"],
    ["middle/a.ts", 'import { T } from "../types.ts";', "middle/a.ts → types.ts"],
    ["middle/a.ts", 'export * from "../types.ts";', "middle/a.ts → types.ts"],
    ["middle/a.ts", 'import express from "express";', "middle/a.ts → express"],
    ["middle/a.ts", 'import type { Router } from "express";', "middle/a.ts → express (type)"],
    ["middle/a.ts", 'const t = import("../types.ts");', "middle/a.ts → types.ts (dynamic)"],
    ["top/main.ts", 'import { p } from "../late/panel.ts";', "top/main.ts → late/panel.ts"],
    [
      "top/main.ts",
      'import type { P } from "../late/panel.ts";',
      "top/main.ts → late/panel.ts (type)",
    ],
    ["types.ts", 'import type { A } from "./middle/a.ts";', "types.ts → middle/a.ts (type)"],
    ["types.ts", 'import "node:fs";', "types.ts → node:fs"],
    ["new/file.ts", "", "new/file.ts has no rule"],
  ])("%s may not: %s", (file, source, line) => {
    expect(forbidden(file, source)).toEqual([line]);
  });
});

describe("finding cycles", () => {
  test("there is none in a tree, nor where two paths meet", () => {
    const sources = project({
      "a.ts": 'import "./b.ts";\nimport "./c.ts";',
      "b.ts": 'import "./d.ts";',
      "c.ts": 'import "./d.ts";',
      "d.ts": 'import "express";',
    });

    expect(findCycles(sources)).toEqual([]);
  });

  test.each<[string, Record<string, string>, string]>([
    ["of one", { "a.ts": 'import "./a.ts";' }, "a.ts → a.ts"],
    ["of two", { "a.ts": 'import "./b.ts";', "b.ts": 'import "./a.ts";' }, "a.ts → b.ts → a.ts"],
    [
      "of types only",
      { "a.ts": 'import "./b.ts";', "b.ts": 'import type { A } from "./a.ts";' },
      "a.ts → b.ts → a.ts",
    ],
    [
      "behind the entry",
      { "a.ts": 'import "./b.ts";', "b.ts": 'import "./c.ts";', "c.ts": 'import("./b.ts");' },
      "b.ts → c.ts → b.ts",
    ],
  ])("one %s is found", (_name, files, cycle) => {
    expect(findCycles(project(files))).toEqual([cycle]);
  });
});
