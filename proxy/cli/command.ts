/** What a command of `lex-chat` is. */
import type { Terminal } from "./terminal.ts";

export type Option = {
  type: "boolean" | "string";
  short?: string;
  /** What stands for its value in the help, for example `ID`. */
  value?: string;
  /** May be given several times. */
  multiple?: boolean;
  help: string;
};

/** What was typed after a command's name, checked against its options. */
export type Input = {
  words: readonly string[];
  flag: (name: string) => boolean;
  /** The option's value; the last one when it was given several times. */
  text: (name: string) => string | undefined;
  texts: (name: string) => readonly string[];
};

export type Command = {
  /** What it takes after its name, for example `[text]`. */
  takes: string;
  /** The most words that it takes. */
  words: number;
  /** What it does, to follow its name. */
  summary: string;
  /** Further paragraphs of its help. */
  about: readonly string[];
  /** Further sections of its help, by their titles: rows of two columns, or lines. */
  sections?: Readonly<
    Record<string, ReadonlyArray<string | readonly [name: string, help: string]>>
  >;
  options: Readonly<Record<string, Option>>;
  /** The settings that it reads. */
  settings: ReadonlyArray<readonly [name: string, help: string]>;
  examples: readonly string[];
  /** Resolves with the exit code. Rejects with a `UsageError`, a `CommandError` or a `ConfigError`. */
  run: (input: Input, terminal: Terminal) => Promise<number>;
};

/** Names of one or two words, such as `chat` and `webhook get`. */
export type Commands = Readonly<Record<string, Command>>;

export const EXIT = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** Taken by every command that gives something to read. */
export const JSON_OPTION = { type: "boolean", help: "prints JSON, for programs" } as const;

export const toJson = (value: unknown): string => JSON.stringify(value, null, 2);
