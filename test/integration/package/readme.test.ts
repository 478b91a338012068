import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemo, type Demo } from "../../../demo/demo.ts";
import { LIMITS, SETTINGS } from "../../../proxy/settings.ts";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
const scripts = (
  JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
    scripts: Record<string, string>;
  }
).scripts;

/** The first shell block after a heading. */
function shellBlock(heading: string): string {
  const [, after = ""] = readme.split(`${heading}\n`);
  return /```sh\n([\s\S]*?)```/.exec(after)?.[1] ?? "";
}

describe("the README", () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo({
      sitePort: 0,
      proxyPort: 0,
      platformPort: 0,
      sessionSecret: randomBytes(32).toString("hex"),
      platform: { tokensPerSecond: 1000, thinkingMs: 2000 },
    });
  });
  afterAll(() => demo?.close());

  it("walks the page's side of the proxy with curl alone", async () => {
    const script = shellBlock("### With nothing but curl")
      .replace("http://localhost:8787", `http://127.0.0.1:${demo.proxy.port}`)
      .replace("http://localhost:3000", demo.site.url);
    // curl itself exits with 28 when it has read the stream for as long as it was told.
    const { stdout } = await promisify(execFile)("sh", ["-c", script]);
    expect(stdout).toContain("event: conversation:init");
    expect(stdout).toContain("event: message:chunk");
    expect(stdout).toContain("event: message:complete");
    const history = stdout.slice(stdout.lastIndexOf('{"messages"'));
    expect(JSON.parse(history)).toMatchObject({
      messages: [{ role: "user" }, { role: "assistant" }],
    });
  });

  it("has a line for every setting and no other", () => {
    const toVariable = (name: string): string =>
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    const rows = readme.split("\n").filter((line) => line.startsWith("| `"));
    const documented = rows.flatMap((line) =>
      [...(line.split("|")[1] ?? "").matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
    );
    const known = [...Object.keys(SETTINGS), ...Object.keys(LIMITS)].map(toVariable);
    expect(documented.toSorted()).toEqual(known.toSorted());
  });

  it("tells the defaults that the settings have", () => {
    const toCell = (value: unknown): string => String(value);
    const rows = new Map(
      readme
        .split("\n")
        .filter((line) => /^\| `[A-Z_]+` +\|/.test(line))
        .map((line) => {
          const [, name = "", value = ""] = line
            .split("|")
            .map((cell) => cell.trim().replaceAll("`", ""));
          return [name, value] as const;
        }),
    );
    expect(rows.get("COALESCE_MS")).toBe(toCell(SETTINGS.coalesceMs.parse(undefined)));
    expect(rows.get("INDEX_DAYS")).toBe(toCell(SETTINGS.indexDays.parse(undefined)));
    expect(rows.get("CONVERSATIONS")).toBe(SETTINGS.conversations.parse(undefined));
    expect(rows.get("LEX_URL")).toBe(SETTINGS.lexUrl.parse(undefined));
    expect(rows.get("LEXEY_URL")).toBe(SETTINGS.lexeyUrl.parse(undefined));
    expect(rows.get("LOG_LEVEL")).toBe(SETTINGS.logLevel.parse(undefined));
    expect(rows.get("LIMIT_SESSIONS_PER_ADDRESS")).toBe(
      toCell(LIMITS.limitSessionsPerAddress.parse(undefined)),
    );
  });

  it.each([
    ["tsx", "react/LexChat.tsx", ""],
    ["html", "variants/plain.html", "    "],
  ])("has the %s of the demo's %s, which a browser runs in the tests", (language, file, indent) => {
    const example = readFileSync(
      new URL(`../../../demo/site/${file}`, import.meta.url),
      "utf8",
    ).replace("http://localhost:8787", "https://chat.example.com");
    const [, snippet = ""] =
      new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms").exec(readme) ?? [];
    expect(snippet).not.toBe("");
    expect(example).toContain(snippet.replaceAll(/^(?=.)/gm, indent));
  });

  it("names only scripts that exist", () => {
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? "");
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
