import { rules, type Problem } from "./config.ts";
import { warn } from "./console.ts";

/** How a value is written whose default doesn't show it. */
const EXAMPLES: Readonly<Record<string, string>> = {
  proxy: "https://chat.example.com",
  theme: "auto, light or dark",
  position: "left or right",
  launcher: "on or off",
  locale: "de-AT",
};

const BUFFERING =
  "Answers can't stream: something between the proxy and this browser holds them back, so the chat " +
  "asks every few seconds instead. If all visitors see this, switch off buffering and compression for " +
  "the proxy's /api/ in what stands before it: `proxy_buffering off; gzip off;` in nginx, no caching " +
  "or optimising in a CDN.";

const printed = new Set<string | undefined>([undefined]);

/** Each line once. */
function print(line: string | undefined): void {
  if (!printed.has(line)) warn(line);
  printed.add(line);
}

/** Tells who can mend it why the chat polls. */
export const explainBuffering = (): void => print(BUFFERING);

/**
 * Tells the page's author, in one console line each and once, what is not used of the page's options,
 * and which name was meant if one looks like a slip. `isAttributes`: the page writes them as `data-*`.
 */
export function explain(problems: readonly Problem[], isAttributes: boolean): void {
  for (const problem of problems) {
    print(toLine(problem, isAttributes ? toAttribute : String));
  }
}

function toLine({ name, value, isOwners }: Problem, label: (name: string) => string) {
  if (Object.hasOwn(rules, name)) {
    const [byDefault] = rules[name as keyof typeof rules];
    const shown = isOwners ? `the proxy's ${name}` : label(name);
    return `${shown}="${value}" is not used: use ${EXAMPLES[name] ?? byDefault}`;
  }
  const meant = Object.keys(rules).find((known) => isNear(name, known));
  return meant && `${label(name)} is not known: do you mean ${label(meant)}?`;
}

function toAttribute(name: string): string {
  return `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** One place differs, by two letters at most; in short names by one. Case doesn't count. */
function isNear(name: string, known: string): boolean {
  const [a, b] = [name.toLowerCase(), known.toLowerCase()];
  const most = b.length > 6 ? 2 : 1;
  return (
    Math.abs(a.length - b.length) <= most &&
    [...b].some((_, at) => a.startsWith(b.slice(0, at)) && a.endsWith(b.slice(at + most)))
  );
}
