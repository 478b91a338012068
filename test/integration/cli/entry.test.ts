/** What is true of every command: help, exit codes, where things are printed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import { runCli } from "../../support/cli.ts";
import { closeLater } from "../../support/close-later.ts";

describe("lex-chat", () => {
  it.each([[[]], [["--help"]], [["help"]]])("%j prints its help and exits with 0", async (args) => {
    const { code, out, errors } = await runCli(args);
    expect(out).toContain("lex-chat <command>");
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
  });

  it.each(["serve", "webhook set"])("explains %s without any setting", async (name) => {
    const { code, out, errors } = await runCli([...name.split(" "), "--help"]);
    expect(out).toContain(`lex-chat ${name} [options]`);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
  });

  it("prints the package's version", async () => {
    expect(await runCli(["--version"])).toMatchObject({
      code: 0,
      out: `${packageJson.version}\n`,
    });
  });

  it.each([
    [["docter"], /no command docter; do you mean doctor\?\n {2}→ lex-chat --help/],
    [["serve", "--prot", "80"], /serve: there is no option --prot\n/],
    [["serve", "now"], /serve does not take "now"/],
  ])("%j is told to a person, with exit code 2", async (args, message) => {
    const { code, out, errors } = await runCli(args);
    expect(errors).toMatch(message);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });

  it("reads settings from a file, and the environment wins", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lex-chat-"));
    closeLater(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "settings.env");
    writeFileSync(file, "PORT=eighty\nINDEX_DAYS=many # not a number\n");
    const environment = { PORT: "ninety" };
    const { code, errors } = await runCli(["serve", "--settings", file], { environment });
    expect(code).toBe(1);
    expect(errors).toContain('PORT is "ninety"');
    expect(errors).toContain('INDEX_DAYS is "many"');
  });

  it("says which file of settings can't be read", async () => {
    const { code, errors } = await runCli(["serve", "--settings", "/nowhere/.env"]);
    expect(code).toBe(1);
    expect(errors).toContain("--settings: /nowhere/.env can't be read (ENOENT)");
  });
});
