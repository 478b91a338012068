/** The help texts, from the table of commands. Pure. */
import type { Command, Commands, Option } from "./command.ts";
import { COMMON_OPTIONS } from "./parse.ts";

/** Narrower than this, a second column has no room left. */
const MIN_TEXT_WIDTH = 24;
const MAX_WIDTH = 90;

type Row = readonly [name: string, text: string];

/** `topic` as in `Wanted`; `width` in characters. */
export function renderHelp(topic: string, commands: Commands, width: number): string {
  const layout = createLayout(Math.min(width, MAX_WIDTH));
  const command = commands[topic];
  const parts = command
    ? describeCommand(topic, command, layout)
    : topic === ""
      ? describeAll(commands, layout)
      : describeGroup(topic, commands, layout);
  return parts.filter((part) => part !== "").join("\n\n");
}

type Layout = ReturnType<typeof createLayout>;

function describeAll(commands: Commands, { paragraph, section }: Layout): string[] {
  return [
    paragraph("lex-chat puts an agent of Lex or Lexey in front of your customers."),
    section("Usage", ["lex-chat <command> [options]"]),
    section("Commands", listCommands("", commands)),
    section("Options", [
      ["-h, --help", "this text; after a command: what that does"],
      ["--version", "prints the version"],
      ...optionRows({ settings: COMMON_OPTIONS["settings"] as Option }),
    ]),
    section("Settings", [
      ["LEX_API_KEY", "Lex's key; or"],
      ["LEXEY_CUSTOMER_KEY", "Lexey's customer key"],
      ["SESSION_SECRET", "for serve: signs visitors' tokens: openssl rand -hex 32"],
      ["ALLOWED_ORIGINS", "for serve: the pages that may use the chat"],
    ]),
    paragraph("They come from the environment; the README has all of them."),
    section("Exit codes", [
      ["0", "done"],
      ["1", "it did not work"],
      ["2", "it was typed wrongly"],
      ["130", "ended by Ctrl-C"],
    ]),
  ];
}

function describeGroup(topic: string, commands: Commands, { section, paragraph }: Layout) {
  return [
    section("Usage", [`lex-chat ${topic} <command> [options]`]),
    section("Commands", listCommands(`${topic} `, commands)),
    paragraph(`lex-chat ${topic} <command> --help explains each.`),
  ];
}

function describeCommand(name: string, command: Command, { paragraph, section }: Layout) {
  const { takes, summary, about, sections = {}, options, settings, examples } = command;
  return [
    paragraph(`lex-chat ${name} ${summary}.`),
    section("Usage", [`lex-chat ${name} [options]${takes && ` ${takes}`}`]),
    ...about.map((text) => paragraph(text)),
    ...Object.entries(sections).map(([title, lines]) => section(title, lines)),
    section("Options", optionRows({ ...options, ...COMMON_OPTIONS })),
    section("Settings", settings),
    section("Examples", examples),
  ];
}

function listCommands(start: string, commands: Commands): Row[] {
  return Object.entries(commands)
    .filter(([name]) => name.startsWith(start))
    .map(([name, { takes, summary }]) => [`${name} ${takes}`.trim(), summary]);
}

function optionRows(options: Readonly<Record<string, Option>>): Row[] {
  return Object.entries(options).map(([name, { short, value, help }]) => [
    `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`,
    help,
  ]);
}

function createLayout(width: number) {
  /** A title, and under it lines, or rows in two columns; nothing without any. */
  function section(title: string, lines: ReadonlyArray<Row | string>): string {
    if (lines.length === 0) return "";
    const rows = lines.filter((line) => typeof line !== "string");
    const nameWidth = Math.max(0, ...rows.map(([name]) => name.length));
    const isNarrow = width - nameWidth - 4 < MIN_TEXT_WIDTH;
    const text = lines.flatMap((line) => {
      if (typeof line === "string") return [`  ${line}`];
      const [name, help] = line;
      if (isNarrow) return [`  ${name}`, ...wrap(help, width - 6).map((part) => `      ${part}`)];
      const [first = "", ...rest] = wrap(help, width - nameWidth - 4);
      const indent = " ".repeat(nameWidth + 4);
      return [`  ${name.padEnd(nameWidth)}  ${first}`, ...rest.map((part) => indent + part)];
    });
    return [`${title}:`, ...text].join("\n");
  }

  return { section, paragraph: (text: string): string => wrap(text, width).join("\n") };
}

/** Lines of whole words; a word that is longer than a line has one of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
