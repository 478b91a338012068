/** Where a command reads and writes: results to standard output, everything for people to standard error. */
import { createInterface } from "node:readline";
import { styleText } from "node:util";
import { CommandError, Interruption, UsageError } from "./errors.ts";

/** More than any platform takes as one message. */
const MAX_INPUT_CHARACTERS = 1024 * 1024;
const DEFAULT_WIDTH = 80;
const ERASE_LINE = "\r\u001b[K";

export type Style = "bold" | "dim" | "red" | "yellow" | "green";

export type Terminal = {
  /** Writes a result as it is. */
  write: (text: string) => void;
  /** Writes a result, and ends the line. */
  print: (text: string) => void;
  /** Tells a person something, in a line of its own. */
  note: (text: string) => void;
  /** Shows what is under way until something else is shown, or null is given. Nothing without a person. */
  status: (text: string | null) => void;
  /** Coloured where it goes to a terminal, and neither NO_COLOR nor the like forbids it. */
  style: (style: Style, text: string, target?: "notes" | "results") => string;
  /** Characters in a line of the results, 80 when they are no terminal. */
  width: number;
  /** The results are read by a person. */
  isOutputShown: boolean;
  /** What is told is read by a person. */
  areNotesShown: boolean;
  /** There is somebody who can be asked. */
  canAsk: boolean;
  /** False for everything but yes. Rejects with an `Interruption` at Ctrl-C. */
  confirm: (question: string) => Promise<boolean>;
  /** All that is piped in. Rejects with an error when it is too long. */
  readInput: () => Promise<string>;
};

type Streams = Pick<NodeJS.Process, "stdin" | "stdout" | "stderr">;

export function createTerminal({ stdin, stdout, stderr }: Streams): Terminal {
  const canAsk = stdin.isTTY && stderr.isTTY;
  let shownStatus = "";
  return {
    write: (text) => void stdout.write(text),
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    status(text) {
      if (!stderr.isTTY || !stdout.isTTY || (text ?? "") === shownStatus) return;
      stderr.write(text === null ? ERASE_LINE : styleText("dim", text, { stream: stderr }));
      shownStatus = text ?? "";
    },
    style: (style, text, target = "notes") =>
      styleText(style, text, { stream: target === "notes" ? stderr : stdout }),
    // Some terminals say 0.
    width: stdout.columns || DEFAULT_WIDTH,
    isOutputShown: stdout.isTTY,
    areNotesShown: stderr.isTTY,
    canAsk,

    async confirm(question) {
      const reader = createInterface({ input: stdin, output: stderr });
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      reader.once("SIGINT", () => reject(new Interruption("interrupted")));
      reader.once("close", () => resolve(""));
      reader.question(`${question} [y/N] `, resolve);
      try {
        return /^\s*y(es)?\s*$/i.test(await promise);
      } catch (error) {
        stderr.write("\n");
        throw error;
      } finally {
        reader.close();
      }
    },

    async readInput() {
      let text = "";
      for await (const chunk of stdin.setEncoding("utf8") as AsyncIterable<string>) {
        text += chunk;
        if (text.length > MAX_INPUT_CHARACTERS)
          throw new CommandError(`standard input is over ${MAX_INPUT_CHARACTERS} characters`);
      }
      if (text.trim() === "")
        throw new UsageError("standard input is empty", "pipe a text into it");
      return text.trim();
    },
  };
}
