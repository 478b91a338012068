import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../../../proxy/cli/commands.ts";
import { renderHelp } from "../../../../proxy/cli/help.ts";

const NAMES = Object.keys(COMMANDS);

describe("help", () => {
  test("lists every command", () => {
    const text = renderHelp("", COMMANDS, 80);
    for (const name of NAMES) expect(text).toMatch(new RegExp(`^  ${name}\\b`, "m"));
  });

  test.each(NAMES)("on %s has its usage and every option", (name) => {
    const text = renderHelp(name, COMMANDS, 80);
    expect(text).toContain(`  lex-chat ${name} [options]`);
    for (const option of [...Object.keys(COMMANDS[name]?.options ?? {}), "settings", "help"])
      expect(text).toMatch(new RegExp(`^ +(-\\w, )?--${option}\\b.*\\S`, "m"));
  });

  test.each(NAMES)("on %s gives examples that begin with its name", (name) => {
    const { examples = [] } = COMMANDS[name] ?? {};
    expect(examples).not.toEqual([]);
    for (const example of examples) expect(example).toContain(`lex-chat ${name.split(" ")[0]}`);
  });

  test.each(["", ...NAMES])("on %j keeps its sentences within the terminal's width", (topic) => {
    for (const width of [48, 80, 200]) {
      const examples = new Set(
        NAMES.flatMap((name) => COMMANDS[name]?.examples ?? []).map((line) => `  ${line}`),
      );
      const wide = renderHelp(topic, COMMANDS, width)
        .split("\n")
        .filter((line) => line.length > Math.min(width, 90) && !examples.has(line));
      expect(wide).toEqual([]);
    }
  });
});
