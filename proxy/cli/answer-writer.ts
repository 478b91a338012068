/** An answer on the terminal while it comes: text as a result, everything else for people. */
import type { AnswerHandlers } from "./dialogue.ts";
import { toLine, toPrintable } from "./printable.ts";
import type { Terminal } from "./terminal.ts";

const WAITING = "thinking…";

type AnswerWriter = AnswerHandlers & {
  /** Ends the line, if one is begun. */
  end: () => void;
};

/** Shows that something is under way until the first text comes. */
export function createAnswerWriter(terminal: Terminal): AnswerWriter {
  let isLineBegun = false;
  terminal.status(WAITING);

  function end(): void {
    terminal.status(null);
    if (isLineBegun) terminal.write("\n");
    isLineBegun = false;
  }

  return {
    onText(text) {
      const printable = toPrintable(text);
      if (printable === "") return;
      terminal.status(null);
      terminal.write(printable);
      isLineBegun = !printable.endsWith("\n");
    },

    onNotice(notice) {
      if (!terminal.areNotesShown) return;
      end();
      terminal.note(terminal.style("dim", `· ${toLine(notice, terminal.width - 2)}`));
      terminal.status(WAITING);
    },

    end,
  };
}
