/** Messages typed at a terminal. What is typed during an answer is shown, and can be edited, after it. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";

type Prompt = {
  /** Resolves with the next message, or with null when there will be none (Ctrl-D). */
  next: () => Promise<string | null>;
  close: () => void;
};

type PromptOptions = {
  /** What stands before the line. */
  text: string;
  /** Ctrl-C, unless it cleared a line. */
  onInterrupt: () => void;
};

export function createPrompt({ text, onInterrupt }: PromptOptions): Prompt {
  const { stdin: input, stderr: output } = process;
  const waiting: string[] = [];
  let lines: string[] = [];
  let isAsking = false;
  let isClosed = false;
  let deliver: ((message: string | null) => void) | null = null;

  // Readline shows each key at once, which would be in the middle of an answer.
  const shown = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (isAsking) output.write(chunk);
      done();
    },
  });
  const size = { columns: { get: () => output.columns }, rows: { get: () => output.rows } };
  const reader = createInterface({
    input,
    output: Object.defineProperties(shown, size),
    prompt: text,
    terminal: true,
  });

  reader.on("line", (line) => {
    lines.push(line);
    // What is pasted comes at once, and is one message.
    if (lines.length === 1) setImmediate(collect);
  });
  reader.on("close", () => {
    isClosed = true;
    if (deliver) settle(null);
  });
  reader.on("SIGINT", () => {
    if (isAsking && reader.line !== "") return clear();
    onInterrupt();
  });

  function clear(): void {
    output.write("^C\n");
    reader.write(null, { ctrl: true, name: "e" });
    reader.write(null, { ctrl: true, name: "u" });
    reader.prompt();
  }

  function collect(): void {
    const message = lines.join("\n").trim();
    lines = [];
    if (message !== "") waiting.push(message);
    if (!deliver) return;
    const first = waiting.shift();
    if (first === undefined) reader.prompt();
    else settle(first);
  }

  function settle(message: string | null): void {
    isAsking = false;
    deliver?.(message);
    deliver = null;
  }

  return {
    next() {
      const first = waiting.shift();
      if (first !== undefined || isClosed) return Promise.resolve(first ?? null);
      const { promise, resolve } = Promise.withResolvers<string | null>();
      deliver = resolve;
      isAsking = true;
      reader.prompt(true);
      return promise;
    },
    close: () => reader.close(),
  };
}
