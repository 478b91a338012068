/** What the build shortens (widget/internal-names.ts) must be known to nobody but the panel. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { internalNames } from "../../widget/internal-names.ts";
import { strings } from "../../widget/locales/en.ts";
import { withoutComments } from "../unit/package/import-graph.ts";

const read = (path: string): string => withoutComments(readFileSync(path, "utf8"));

const panel = ["components", "identity", "menu", "markdown", "state", "transport"]
  .flatMap((folder) => readdirSync(`widget/${folder}`).map((name) => `widget/${folder}/${name}`))
  .map(read)
  .join("\n");

/** Its libraries, and what it shares with the launcher, the proxy and the browser's storage. */
const others = [
  ...["config", "store", "signal", "handle", "widget", "launcher", "recall"].map(
    (name) => `widget/${name}.ts`,
  ),
  ...["component", "create-element", "render", "diff/index", "diff/children", "diff/props"].map(
    (name) => `node_modules/preact/src/${name}.js`,
  ),
]
  .map(read)
  .join("\n");

const protocol = read("proxy/protocol.ts").match(/\b\w+(?=\??:)/g);

/** Every property of the kinds of objects that the panel meets in a browser. */
function browserNames(): Set<string> {
  const kinds =
    /^(Abort|Array|CSS|Date|Document|Element|Event|HTML(Button|Dialog|Element|TextArea)|Intl|JSON|Keyboard|Map|Math|Mouse|Node|Number|Object|Promise|RegExp|Selection|Set|Shadow|String|SVGElement|Text|UIEvent|URL|Window)/;
  const names = Object.getOwnPropertyNames(globalThis).filter((name) => kinds.test(name));
  return new Set(
    names.flatMap((name) => {
      const kind = Reflect.get(globalThis, name) as { prototype?: object };
      return [kind, kind.prototype ?? {}].flatMap((object) => Object.getOwnPropertyNames(object));
    }),
  );
}

const among = (names: Iterable<string | undefined> | null): string[] => {
  const known = new Set(names);
  return internalNames.filter((name) => known.has(name));
};

describe("the names that the build shortens", () => {
  it("are all in use, once in the list", () => {
    expect(among(panel.match(/\w+/g))).toEqual(internalNames);
    expect(new Set(internalNames).size).toBe(internalNames.length);
  });

  it("are not in what the panel shares with others", () => {
    expect(among(others.match(/\w+/g))).toEqual([]);
    expect(among(protocol)).toEqual([]);
  });

  it("are no keys of a locale, which a page's author may write, nor its placeholders", () => {
    const placeholders = JSON.stringify(strings).match(/(?<=\{)\w+(?=\})/g) ?? [];
    expect(placeholders).toContain("agent");
    expect(among([...Object.keys(strings), ...placeholders])).toEqual([]);
  });

  it("are no properties of the browser's objects", () => {
    const names = browserNames();
    expect([...names]).toEqual(expect.arrayContaining(["textContent", "findLast", "isComposing"]));
    expect(among(names)).toEqual([]);
  });

  it("are nowhere asked for by a text", () => {
    const asked = [...panel.matchAll(/\["(\w+)"\]|"(\w+)" in /g)];
    expect(among(asked.map(([, index, member]) => index ?? member))).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
  });
});
