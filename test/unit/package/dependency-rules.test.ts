/** Who may import whom: the arrows of the design, over the real import statements. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import {
  findCycles,
  findForbidden,
  parseImports,
  resolveImport,
  withoutComments,
  type Rule,
} from "./import-graph.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

function read(...folders: string[]): Map<string, string> {
  const paths = folders.flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => `${folder}/${path}`),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(root + path, "utf8")]));
}

const PROXY: Rule[] = [
  { files: /^proxy\/protocol\.ts$/ },
  { files: /^proxy\/errors\.ts$/, typesOf: /^proxy\/protocol\.ts$/ },
  { files: /^proxy\/(origins|secrets)\.ts$/, packages: /^node:crypto$/ },
  { files: /^proxy\/(redact|lex-webhook|script-tag)\.ts$/ },
  { files: /^proxy\/built-widget\.ts$/, packages: /^node:(crypto|fs|path|url)$/ },
  { files: /^proxy\/request-id\.ts$/, packages: /^node:(async_hooks|crypto)$/ },
  {
    files: /^proxy\/logger\.ts$/,
    project: /^proxy\/(redact|request-id|settings|redis\/url)\.ts$/,
    typesOf: /^proxy\/config\.ts$/,
    packages: /^pino$/,
  },
  {
    files: /^proxy\/settings\.ts$/,
    project: /^proxy\/(origins|protocol|redis\/url)\.ts$/,
    packages: /^node:net$/,
  },
  { files: /^proxy\/config\.ts$/, project: /^proxy\/(origins|settings|protocol)\.ts$/ },
  // Calls that pass unchanged, by a package of its own: see "keys" below.
  {
    files: /^proxy\/platforms\/lexey-management\.ts$/,
    project: /^proxy\/(platforms\/platform|protocol|errors|request-id)\.ts$/,
    packages: /^(node:http|http-proxy-middleware)$/,
  },
  {
    files: /^proxy\/platforms\//,
    project: /^proxy\/(platforms\/.*|protocol|errors|request-id)\.ts$/,
    packages: /^(node:(crypto|http|https|net|tls|string_decoder|stream)|eventsource-parser|pino)$/,
  },
  {
    files: /^proxy\/visitors\//,
    project: /^proxy\/(visitors\/.*|protocol|errors)\.ts$/,
    packages: /^(node:crypto|jose)$/,
  },
  // The relay knows the port to a platform and no platform.
  {
    files: /^proxy\/relay\//,
    project: /^proxy\/(relay\/.*|platforms\/platform|protocol|errors|request-id)\.ts$/,
    packages: /^(node:(crypto|http|stream|timers\/promises)|pino)$/,
  },
  // What the configuration agent says of the branding. Values pass the checks of the settings.
  {
    files: /^proxy\/branding\//,
    project: /^proxy\/(branding\/.*|settings|platforms\/platform|relay\/backoff)\.ts$/,
    typesOf: /^proxy\/protocol\.ts$/,
    packages: /^pino$/,
  },
  // What the proxies of one fleet share: the only place that knows Redis.
  {
    files: /^proxy\/redis\//,
    project:
      /^proxy\/((redis|relay|visitors)\/.*|middleware\/places\.ts|platforms\/(platform|to-proxy-error)\.ts|(protocol|errors|request-id)\.ts)$/,
    typesOf: /^proxy\/(middleware\/limits|platforms\/platform)\.ts$/,
    packages: /^(ioredis|rate-limiter-flexible|pino|node:(crypto|timers\/promises))$/,
  },
  {
    files: /^proxy\/metrics\.ts$/,
    project: /^proxy\/errors\.ts$/,
    typesOf:
      /^proxy\/(relay\/(relay|observer)|platforms\/(platform|observed)|last-hour\/last-hour|protocol)\.ts$/,
    packages: /^prom-client$/,
  },
  {
    files: /^proxy\/last-hour\//,
    project: /^proxy\/last-hour\//,
    typesOf: /^proxy\/protocol\.ts$/,
  },
  {
    files: /^proxy\/middleware\//,
    project:
      /^proxy\/((middleware|relay|visitors)\/.*|platforms\/(platform|to-proxy-error)|(protocol|errors|origins|secrets|metrics|request-id))\.ts$/,
    typesOf: /^proxy\/config\.ts$/,
    packages: /^(express|pino|rate-limiter-flexible|node:crypto)$/,
  },
  // What the calls are: plain data. It knows the protocol and the table of errors.
  { files: /^proxy\/openapi\//, project: /^proxy\/(openapi\/.*|protocol|errors)\.ts$/ },
  {
    files: /^proxy\/routes\//,
    project:
      /^proxy\/((routes|openapi|middleware|relay|visitors)\/.*|platforms\/(platform|to-proxy-error)|(protocol|errors|origins|secrets|lex-webhook|script-tag|metrics|request-id))\.ts$/,
    typesOf: /^proxy\/(config|platforms\/lexey-management)\.ts$/,
    packages: /^(express|pino|valibot|node:(crypto|fs|path|timers\/promises|url|zlib))$/,
  },
  {
    files: /^proxy\/(app|parts)\.ts$/,
    project: /^proxy\/(?!app|server|cli|index|settings)/,
    packages: /^(express|pino|node:path)$/,
  },
  {
    files: /^proxy\/server\.ts$/,
    project: /^proxy\/(app|routes\/health)\.ts$/,
    packages: /^(express|node:(http|net))$/,
  },
  // It asks from outside what the running proxy does, and looks at the same settings and files.
  {
    files: /^proxy\/doctor\//,
    project:
      /^proxy\/(doctor\/.*|(built-widget|config|lex-webhook|origins)\.ts|platforms\/(platform|lex-account|lexey-client)\.ts|redis\/connection\.ts|routes\/stream-probe\.ts)$/,
    typesOf: /^proxy\/protocol\.ts$/,
    packages: /^(pino|node:(crypto|fs|http|https|path|tls))$/,
  },
  // The format of scenarios is a table without a package, for the help; the files' reader alone knows YAML.
  {
    files: /^proxy\/e2e\/(scenario-file|yaml-entry)\.ts$/,
    project: /^proxy\/e2e\/(entry|scenario|yaml-entry)\.ts$/,
    packages: /^yaml$/,
  },
  {
    files: /^proxy\/e2e\//,
    project:
      /^proxy\/(e2e\/.*|config|cli\/(access|command|dialogue|errors|explain|nearest|printable))\.ts$/,
    typesOf: /^proxy\/cli\/terminal\.ts$/,
    packages: /^node:(fs|path)$/,
  },
  // Commands know the settings and the platforms; what runs or examines a proxy is loaded when it is needed.
  {
    files: /^proxy\/cli\//,
    project:
      /^proxy\/(cli\/.*|branding\/.*|built-widget|config|lex-webhook|script-tag|platforms\/.*|e2e\/(duration|scenario|schema))\.ts$/,
    typesOf: /^proxy\/(protocol|e2e\/mapping)\.ts$/,
    dynamically: /^proxy\/(server|doctor\/doctor|e2e\/e2e)\.ts$/,
    packages: /^node:(fs|module|readline(\/promises)?|stream|util|v8|timers\/promises)$/,
  },
  {
    files: /^proxy\/cli\.ts$/,
    project: /^proxy\/cli\/(command|commands|node-version|run|terminal)\.ts$/,
  },
  {
    files: /^proxy\/index\.ts$/,
    project: /^proxy\/(app|server|config|visitors\/identity)\.ts$/,
    typesOf: /^proxy\/(protocol|routes\/conversations)\.ts$/,
  },
];

const SHARED = "widget\\/(config|console|options|store|waiting|locales\\/.*)\\.ts";
const PROTOCOL = /^proxy\/protocol\.ts$/;

const WIDGET: Rule[] = [
  {
    files: /^widget\/build\.ts$/,
    project: /^widget\/(internal-names|slim-preact)\.ts$/,
    typesOf: /^widget\/locales\/en\.ts$/,
    packages: /^(vite|node:.*)$/,
  },
  { files: /^widget\/slim-preact\.ts$/, packages: /^(vite|node:path)$/ },
  {
    files:
      /^widget\/(choose-locale|clipboard|console|signal|viewport|internal-names|locales\/format)\.ts$/,
  },
  {
    files: /^widget\/locales\//,
    typesOf: /^(proxy\/protocol|widget\/locales\/(en|format))\.ts$/,
  },
  {
    files: /^widget\/(config|options|store|waiting)\.ts$/,
    project: /^widget\/(store|waiting)\.ts$/,
    typesOf: /^(proxy\/protocol|widget\/(options|locales\/en))\.ts$/,
  },
  // For a page's author alone: fetched when there is something to tell.
  { files: /^widget\/explain\.ts$/, project: /^widget\/(config|console)\.ts$/ },
  {
    files: /^widget\/tag-settings\.ts$/,
    project: /^widget\/console\.ts$/,
    typesOf: PROTOCOL,
  },
  // What a page loads at once: no package, and the panel only when it is wanted.
  {
    files: /^widget\/(loader|mount|handle|widget|launcher|recall)\.ts$/,
    project:
      /^widget\/((choose-locale|console|launcher|store|waiting|widget)\.ts|styles\/launcher\.css)$/,
    typesOf:
      /^(proxy\/protocol\.ts|widget\/((handle|options|store|recall|locales\/en)\.ts|panel\.tsx))$/,
    dynamically: /^widget\/(panel\.tsx|recall\.ts)$/,
  },
  {
    files: /^widget\/panel\.tsx$/,
    project: new RegExp(
      `^(${SHARED}|widget\\/viewport\\.ts|widget\\/(components|state|transport|styles)\\/.*)$`,
    ),
    typesOf: /^widget\/(handle|identity\/person)\.ts$/,
    dynamically: /^widget\/(explain|identity\/identity)\.ts$/,
    packages: /^(preact|@preact\/signals-core)$/,
  },
  {
    files: /^widget\/components\//,
    project: /^widget\/((components|state|locales)\/.*|(markdown\/index|console|viewport)\.ts)$/,
    typesOf: PROTOCOL,
    dynamically: /^widget\/(menu\/(Menu|Consent|AnswerTools)\.tsx|identity\/identity\.ts)$/,
    packages: /^(preact|@preact\/signals-core)$/,
  },
  // Fetched by the panel when it is first drawn.
  {
    files: /^widget\/menu\//,
    project: /^widget\/((menu|components|state|locales)\/.*|clipboard\.ts)$/,
    typesOf: /^(proxy\/protocol|widget\/config)\.ts$/,
    packages: /^(preact|@preact\/signals-core)$/,
  },
  {
    files: /^widget\/state\//,
    project: new RegExp(`^(${SHARED}|widget\\/(state|transport)\\/.*)$`),
    typesOf: PROTOCOL,
    packages: /^@preact\/signals-core$/,
  },
  {
    files: /^widget\/transport\//,
    project: /^widget\/(console\.ts|transport\/(?!poll).*)$/,
    typesOf: /^(proxy\/protocol|widget\/store|widget\/tabs\/(tabs|share))\.ts$/,
    dynamically: /^widget\/(explain|tabs\/tabs|transport\/poll)\.ts$/,
  },
  // For visitors whom the site signs in: fetched when it does.
  {
    files: /^widget\/identity\//,
    project: /^widget\/(identity|state|transport)\/.*$/,
    typesOf: /^(proxy\/protocol\.ts|widget\/components\/lazy\.tsx)$/,
    packages: /^(preact|@preact\/signals-core)$/,
  },
  // Imported on demand.
  {
    files: /^widget\/tabs\//,
    project: /^widget\/tabs\//,
    typesOf: /^(proxy\/protocol|widget\/transport\/follow)\.ts$/,
  },
  { files: /^widget\/markdown\//, project: /^widget\/(markdown\/.*|clipboard\.ts)$/ },
  // The owner's page: no visitor loads any of it. Its form loads the rest when somebody has signed in.
  {
    files: /^widget\/manage\/main\.tsx$/,
    project: /^widget\/(manage\/.*|styles\/(panel|markdown)\.css)$/,
    dynamically: /^widget\/manage\/components\/Dashboard\.tsx$/,
    packages: /^(preact|uplot\/dist\/uPlot\.min\.css)$/,
  },
  {
    files: /^widget\/manage\/transport\//,
    project: /^widget\/(manage\/transport\/.*|transport\/(errors|sse)\.ts)$/,
    typesOf: PROTOCOL,
  },
  {
    files: /^widget\/manage\/state\//,
    project:
      /^widget\/(manage\/(state|transport)\/.*|state\/(failure|transcript)\.ts|transport\/errors\.ts)$/,
    typesOf: PROTOCOL,
    packages: /^@preact\/signals-core$/,
  },
  {
    files: /^widget\/manage\/components\//,
    project: /^widget\/(manage\/(components|state)\/.*|components\/.*|(config|locales\/en)\.ts)$/,
    typesOf: /^(proxy\/protocol|widget\/state\/transcript)\.ts$/,
    packages: /^(preact|@preact\/signals-core|uplot)$/,
  },
];

const DEMO: Rule[] = [
  // What a developer's own build takes from the package.
  {
    files: /^demo\/react-example\.ts$/,
    project: /^widget\/locales\/en\.ts$/,
    packages: /^(vite|node:url)$/,
  },
  {
    files: /^demo\/site\/react\//,
    project: /^demo\/site\/react\//,
    dynamically: /^widget\/mount\.ts$/,
    packages: /^(react|react-dom\/client|lex-chat|preact\/compat(\/client)?)$/,
  },
  {
    files: /^demo\//,
    project: /^(demo\/.*|proxy\/(index|server)\.ts)$/,
    packages: /./,
  },
];

const proxy = read("proxy");
const widget = read("widget");
const demo = read("demo");
const all = new Map([...proxy, ...widget, ...demo, ...read("test")]);

test("the files are found, and their imports lead to files", () => {
  const dangling = [...all].flatMap(([file, source]) =>
    parseImports(source)
      .map(({ specifier }) => resolveImport(file, specifier))
      .filter((target) => target !== null && /\.tsx?$/.test(target) && !all.has(target))
      .map((target) => `${file} → ${target}`),
  );

  expect(Math.min(proxy.size, widget.size, demo.size)).toBeGreaterThan(20);
  expect(
    dangling.filter((line) => !line.startsWith("test/unit/package/import-graph.test.ts")),
  ).toEqual([]);
});

test("the proxy keeps to its layers, and only their outer ones know Express", () => {
  expect(findForbidden(proxy, PROXY)).toEqual([]);
});

test("what the proxy imports at run time is installed with it", () => {
  const packages = [...proxy.values()]
    .flatMap(parseImports)
    .filter(({ specifier, kind }) => kind !== "type" && /^(?!\.|node:)/.test(specifier))
    .map(({ specifier }) => specifier);

  expect(Object.keys(packageJson.dependencies)).toEqual(expect.arrayContaining(packages));
  expect(packages).toContain("express");
});

test("lex.ts and lexey.ts do not know each other", () => {
  const platforms = ["lex", "lexey"].map((name) =>
    [...proxy].filter(([file]) => new RegExp(`/${name}(-[\\w-]+)?\\.ts$`).test(file)),
  );
  const [lex = [], lexey = []] = platforms;
  const crossing = findForbidden(new Map([...lex, ...lexey]), [
    { files: /\/lex(-[\w-]+)?\.ts$/, project: /^(?!.*\/lexey)/, packages: /./ },
    { files: /\/lexey(-[\w-]+)?\.ts$/, project: /^(?!.*\/lex(-[\w-]+)?\.ts$)/, packages: /./ },
  ]);

  expect(lex.map(([file]) => file)).toContain("proxy/platforms/lex.ts");
  expect(crossing).toEqual([]);
});

test("keys are sent by two files: one asks the platform, the other passes the owner's calls on", () => {
  const senders = [...proxy].filter(([, source]) =>
    /authorization["']?: `bearer/i.test(withoutComments(source)),
  );

  expect(senders.map(([file]) => file)).toEqual([
    "proxy/platforms/lexey-management.ts",
    "proxy/platforms/request.ts",
  ]);
});

test("the widget keeps to its layers, takes types alone from the proxy and nothing from Node", () => {
  expect(findForbidden(widget, WIDGET)).toEqual([]);
});

test("the demo uses the proxy as everybody does, and no test", () => {
  expect(findForbidden(demo, DEMO)).toEqual([]);
});

test("nothing imports in a circle", () => {
  expect(findCycles(all)).toEqual([]);
});

describe("process.env", () => {
  const DEFAULT = "environment: NodeJS.ProcessEnv = process.env";
  const readers = [...proxy, ...widget].filter(([, source]) =>
    withoutComments(source).includes("process.env"),
  );

  test("is named only where a caller may pass another environment", () => {
    expect(readers.map(([file]) => file)).toEqual([
      "proxy/app.ts",
      "proxy/config.ts",
      "proxy/doctor/doctor.ts",
      "proxy/server.ts",
    ]);
    for (const [, source] of readers)
      expect(withoutComments(source).replaceAll(DEFAULT, "")).not.toContain("process.env");
  });
});
