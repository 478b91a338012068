/** One value of a scenario file, whatever read it: what it is, where it stands, and how to complain about it. */

/** Both count from 1. */
export type Position = { file: string; line: number; column: number };

export const toPlace = ({ file, line, column }: Position): string => `${file}:${line}:${column}`;

/** Names as people write them. */
export type PlatformName = "Lex" | "Lexey";

export type Entry = {
  position: Position;
  /** What it is called in messages: a field's name. */
  name: string;
  /** A single value as it was written, so that 4.90 stays 4.90; null for lists, mappings and nothing. */
  text: string | null;
  /** Null when it is no list. */
  items: () => Entry[] | null;
  /** Null when it is no mapping. */
  fields: () => Array<{ key: Entry; value: Entry }> | null;
  /** The platform that the file is to run on. */
  platform: PlatformName;
  /** Says what is wrong here, in words of its own. */
  complain: (says: string) => void;
  /** Says that this name has a wrong value, and what to give instead. */
  refuse: (fix: string) => void;
};
