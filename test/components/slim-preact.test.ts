/** The widget's own build of Preact (widget/slim-preact.ts) must draw what Preact itself draws. */
import * as preact from "preact";
import {
  assert,
  asyncProperty,
  array,
  letrec,
  oneof,
  option,
  constantFrom,
  record,
  shuffledSubarray,
  subarray,
} from "fast-check";
import { build, type Rolldown } from "vite";
import { beforeAll, describe, expect, it } from "vitest";
import { slimPreact } from "../../widget/slim-preact.ts";

type Library = Pick<typeof preact, "h" | "render" | "Component">;

/** What is drawn, in words that either library can be told. */
type Shape = string | null | { tag: string; key?: string; names: string[]; children: Shape[] };

async function buildSlim(source: string): Promise<string> {
  const files: Readonly<Record<string, string>> = { "slim-entry": source };
  const entry = {
    name: "entry",
    resolveId: (id: string) => files[id] && id,
    load: (id: string) => files[id],
  };
  const built = (await build({
    configFile: false,
    logLevel: "silent",
    plugins: [entry, slimPreact()],
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: "slim-entry", preserveEntrySignatures: "strict" },
    },
  })) as Rolldown.RolldownOutput;
  return built.output[0].code;
}

/** Draws one shape after the other; tells of the DOM after each, and of what components and refs were told. */
async function draw(
  { h, render, Component }: Library,
  shapes: readonly Shape[],
): Promise<string[]> {
  const told: string[] = [];
  const place = document.createElement("div");

  class Counter extends Component<{ name: string; children?: preact.ComponentChildren }> {
    override state = { count: 0 };
    override componentDidMount() {
      told.push(`${this.props.name} is there`);
      this.setState({ count: 1 });
    }
    override shouldComponentUpdate(next: { name: string }, { count }: { count: number }) {
      return next.name !== "still" || count !== this.state.count;
    }
    override componentDidUpdate({ name }: { name: string }, { count }: { count: number }) {
      told.push(`${this.props.name} was ${name} ${count}`);
    }
    override componentWillUnmount() {
      told.push(`${this.props.name} goes`);
    }
    override render() {
      return [h("b", {}, this.props.name, this.state.count), this.props.children];
    }
  }
  const Plain = ({ children }: { children?: preact.ComponentChildren }) => children;

  const toNode = (shape: Shape): preact.ComponentChildren => {
    if (typeof shape !== "object" || shape === null) return shape;
    const { tag, key, names, children } = shape;
    const has = (name: string) => names.includes(name);
    const inner = children.map(toNode);
    if (tag === "Plain") return h(Plain, { key }, inner);
    if (tag === "Counter")
      return h(Counter, { key, name: has("class") ? "still" : "moving" }, inner);
    return h(
      tag,
      {
        key,
        ...(has("class") && { class: "some" }),
        ...(has("label") && { "aria-label": "label" }),
        ...(has("disabled") && { "aria-disabled": has("class"), tabIndex: -1 }),
        ...(has("value") && { value: "text" }),
        ...(has("click") && { onClick: () => told.push(`${tag} clicked`) }),
        ...(has("ref") && {
          ref: (node: Element | null) => void told.push(`ref ${node?.localName}`),
        }),
      },
      inner,
    );
  };

  for (const shape of [...shapes, null]) {
    render(toNode(shape) as preact.ComponentChild, place);
    await Promise.resolve();
    await Promise.resolve();
    told.push(place.innerHTML);
    for (const element of place.querySelectorAll("*"))
      element.dispatchEvent(new MouseEvent("click"));
  }
  return told;
}

const { shape } = letrec<{ shape: Shape }>((tie) => ({
  shape: option(
    record(
      {
        tag: constantFrom("p", "ul", "button", "textarea", "svg", "Plain", "Counter"),
        key: constantFrom("one", "two", "three"),
        names: subarray(["class", "label", "disabled", "value", "click", "ref"]),
        children: array(tie("shape"), { maxLength: 4 }),
      },
      { requiredKeys: ["tag", "names", "children"] },
    ),
    { nil: "text" },
  ) as never,
}));

/** The same rows in another order, some of them gone or new. */
const list = shuffledSubarray([..."abcdefgh"]).map((keys): Shape => {
  const rows = keys.map((key) => ({ tag: "Counter", key, names: [], children: [key] }));
  return { tag: "ul", names: [], children: rows };
});

describe("Preact as the widget has it", () => {
  let slim: Library;
  let code = "";

  beforeAll(async () => {
    code = await buildSlim(`export { h, render, Component } from "preact";`);
    slim = (await import(
      /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
    )) as Library;
  });

  it("draws any components, changes them and tells them of it as Preact does", async () => {
    await assert(
      asyncProperty(array(oneof(shape, list), { minLength: 2, maxLength: 4 }), async (shapes) => {
        expect(await draw(slim, shapes)).toEqual(await draw(preact, shapes));
      }),
      { numRuns: 200 },
    );
  });

  it("has no HTML sink, nor what pages need that a server has drawn", () => {
    expect(code).toContain("insertBefore");
    expect(code).not.toMatch(/innerHTML|cssText|\$s|getDerivedStateFromProps|contextType/);
  });

  it.each([
    "<progress value={1} />",
    '<p style="color: red" />',
    "<input checked={true} />",
    "<p dangerouslyGiven={{ html }} />",
  ])("fails the build of a component that draws what it can't: %s", async (element) => {
    const plugin = slimPreact();
    const transform = plugin.transform as (this: object, source: string, file: string) => unknown;
    const error = (line: string) => {
      throw new Error(line);
    };
    expect(() => transform.call({ error }, `const a = ${element};`, "/widget/A.tsx")).toThrow(
      /The widget's Preact knows no/,
    );
  });
});
