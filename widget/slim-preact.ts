import { resolve } from "node:path";
import { parseSync, Visitor, type ESTree, type Plugin } from "vite";

const words = (...lines: string[]): ReadonlySet<unknown> =>
  new Set(lines.flatMap((line) => line.split(" ")));

/** Variables and properties of Preact that nothing here sets. */
const UNSET = words(
  // Of pages that a server has drawn, and of parts that wait for data.
  "isHydrating excessDomChildren defaultValue resumed _excess then",
  // Of contexts, and of components that catch errors or know React's older ways.
  "contextType provider componentContext getChildContext getDerivedStateFromError componentDidCatch",
  "componentWillMount componentWillReceiveProps componentWillUpdate getDerivedStateFromProps handled",
  "getSnapshotBeforeUpdate snapshot callback",
  "context forceUpdate",
  // Of HTML as text, of built-in elements with another class, of add-ons and their debugging.
  "newHtml oldHtml is renderHook prevDebounce __source __self",
);

/** Bits that are never set. */
const UNSET_BITS = words(
  "MODE_HYDRATE MODE_SUSPENDED REF_DETACHED COMPONENT_PENDING_ERROR COMPONENT_PROCESSING_EXCEPTION",
);

/** Elements and attributes that are in none of our components; the build fails when one is. */
const ELEMENTS = words("template math foreignObject progress");
const ATTRIBUTES = words(
  "style checked defaultChecked defaultValue popover",
  "width height href list form download rowSpan colSpan",
);
/** How Preact's name for HTML as text begins, its only sink: it goes too, and no component may bring it back. */
const SINK = "dangerously";
const DRAWN = new RegExp(
  `<(${[...ELEMENTS].join("|")})\\b|\\s(${[...ATTRIBUTES].join("|")}|${SINK}\\w+)=[{"]`,
);

/** Comments, as servers draw them, and whole documents. */
const UNMET_KINDS: ReadonlySet<unknown> = new Set([8, 9]);

const read = (node: ESTree.Node | undefined): string => {
  if (node?.type === "Identifier") return node.name;
  return node?.type === "MemberExpression" && !node.computed ? read(node.property) : "";
};

/** Hooks of add-ons, but for the one that every error goes through; and roots in other places. */
const isUnset = (node: ESTree.Node): boolean =>
  UNSET.has(read(node)) ||
  (node.type === "MemberExpression" &&
    ((read(node.object) === "options" && read(node) !== "_catchError") ||
      (/props$/i.test(read(node.object)) && read(node) === "_parentDom")));

const isUnmet = (node: ESTree.Node): boolean =>
  node.type === "Literal"
    ? [ELEMENTS, ATTRIBUTES, UNMET_KINDS].some((unmet) => unmet.has(node.value)) ||
      String(node.value).startsWith(SINK)
    : read(node) === "MATH_NAMESPACE";

/** Preact's source with constants in the place of what is never set or met: what hangs on them then goes. */
function slim(file: string, source: string): string {
  /** Names in places where they are given a value, or are no variables. */
  const named = new Set<ESTree.Node>();
  const edits: Array<[start: number, end: number, text: string]> = [];
  const put = ({ start, end }: ESTree.Node, text: string) => edits.push([start, end, text]);
  const name = (...nodes: ESTree.Node[]) => nodes.forEach((node) => named.add(node));

  new Visitor({
    ImportSpecifier: ({ imported, local }) => name(imported, local),
    VariableDeclarator: ({ id }) => name(id),
    FunctionDeclaration: ({ params }) => name(...params),
    FunctionExpression: ({ params }) => name(...params),
    AssignmentExpression: ({ left }) => name(left),
    ExpressionStatement(node) {
      const { expression } = node;
      if (expression.type === "AssignmentExpression" && isUnset(expression.left)) put(node, ";");
    },
    Identifier(node) {
      if (named.has(node)) return;
      if (UNSET.has(node.name)) put(node, "undefined");
      if (UNSET_BITS.has(node.name)) put(node, "0");
    },
    MemberExpression(node) {
      name(node.property);
      if (!named.has(node) && isUnset(node)) put(node, "undefined");
    },
    ParenthesizedExpression(node) {
      const { expression } = node;
      const isCondition = expression.type === "AssignmentExpression" && isUnset(expression.right);
      if (isCondition) put(node, "undefined");
    },
    BinaryExpression(node) {
      const { operator, left, right } = node;
      if (operator === "&" && UNSET_BITS.has(read(right))) put(node, "0");
      const isComparison = /^([!=]==?|in)$/.test(operator) && (isUnmet(left) || isUnmet(right));
      if (isComparison) put(node, String(operator.startsWith("!")));
    },
  }).visit(parseSync(file, source).program);

  let text = "";
  let at = 0;
  for (const [start, end, constant] of edits.toSorted(([a], [b]) => a - b)) {
    if (start < at) continue;
    text += source.slice(at, start) + constant;
    at = end;
  }
  return text + source.slice(at);
}

const preact = resolve(import.meta.dirname, "../node_modules/preact");

/**
 * Preact as our components need it: from its source, without hydration, suspense, contexts, portals,
 * HTML as text and hooks for add-ons. A third of it goes, and its only HTML sink.
 */
export function slimPreact(): Plugin {
  return {
    name: "slim-preact",
    enforce: "pre",
    config: () => ({
      resolve: {
        alias: [
          { find: "preact/jsx-runtime", replacement: `${preact}/jsx-runtime/src/index.js` },
          { find: /^preact$/, replacement: `${preact}/src/index.js` },
        ],
      },
    }),
    transform(source, file) {
      if (file.startsWith(preact)) return { code: slim(file, source), map: null };
      const [drawn] = (file.endsWith(".tsx") && DRAWN.exec(source)) || [];
      if (drawn) this.error(`The widget's Preact knows no "${drawn}": see slim-preact.ts.`);
      return undefined;
    },
  };
}
