/** Talking with an agent: one question, or a conversation at the terminal. */
import { createAnswerWriter } from "./answer-writer.ts";
import { EXIT, JSON_OPTION, toJson, type Input, type Option } from "./command.ts";
import type { Answer, AnswerHandlers, Dialogue } from "./dialogue.ts";
import { UsageError } from "./errors.ts";
import { explained, type Asked } from "./explain.ts";
import { createPrompt } from "./prompt.ts";
import { report } from "./report.ts";
import type { Terminal } from "./terminal.ts";

export const TALK_OPTIONS: Readonly<Record<string, Option>> = {
  conversation: {
    type: "string",
    short: "c",
    value: "ID",
    help: "goes on with a conversation instead of beginning one",
  },
  json: { ...JSON_OPTION, help: "prints one question's answer as JSON, for programs" },
};

type Talk = {
  /** The command's name, for what is to be typed next. */
  name: string;
  dialogue: Dialogue;
  asked: Asked;
};

/** Resolves with the exit code. */
export async function talk(talk: Talk, input: Input, terminal: Terminal): Promise<number> {
  const isJson = input.flag("json");
  const hasText = input.words.length > 0;
  if (!hasText && terminal.canAsk) {
    if (!isJson) return converse(talk, terminal);
    throw new UsageError("--json needs a question", `lex-chat ${talk.name} --json "Hello"`);
  }
  return askOnce(talk, await readQuestion(input.words, terminal), { isJson, terminal });
}

/** The words as they were typed; `-` stands for standard input. */
async function readQuestion(words: readonly string[], terminal: Terminal): Promise<string> {
  const piped = words.length === 0 || words.includes("-") ? await terminal.readInput() : "";
  const question = words.map((word) => (word === "-" ? `\n\n${piped}` : word)).join(" ");
  const text = (words.length === 0 ? piped : question).trim();
  if (text === "") throw new UsageError("the text is empty", 'give one: "Where is my order?"');
  return text;
}

async function askOnce(
  { dialogue, asked }: Talk,
  question: string,
  { isJson, terminal }: { isJson: boolean; terminal: Terminal },
): Promise<number> {
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  const startedAt = performance.now();
  let firstTextAt: number | null = null;
  const writer = isJson ? null : createAnswerWriter(terminal);
  const handlers: AnswerHandlers = {
    onText(text) {
      firstTextAt ??= performance.now();
      writer?.onText(text);
    },
    onNotice: (notice) => writer?.onNotice(notice),
  };
  const { text, tools, isEscalated, isStopped } = await explained(asked, () =>
    dialogue.ask(question, handlers, interrupt.signal),
  ).finally(() => writer?.end());
  const seconds = (until: number | null): number | null =>
    until === null ? null : Math.round(until - startedAt) / 1000;
  if (isJson && !isStopped) {
    const conversationId = dialogue.conversationId();
    const times = { firstTextSeconds: seconds(firstTextAt), seconds: seconds(performance.now()) };
    const answer = { answer: text, tools, escalated: isEscalated };
    terminal.print(toJson({ conversationId, ...answer, ...times }));
  }
  return isStopped ? EXIT.interrupted : EXIT.ok;
}

async function converse({ name, dialogue, asked }: Talk, terminal: Terminal): Promise<number> {
  const { note, style } = terminal;
  let answering: AbortController | null = null;
  let isInterrupted = false;
  const prompt = createPrompt({ text: style("bold", "> "), onInterrupt });

  function onInterrupt(): void {
    if (answering) return answering.abort();
    isInterrupted = true;
    prompt.close();
  }

  async function answer(question: string): Promise<void> {
    answering = new AbortController();
    const writer = createAnswerWriter(terminal);
    try {
      const { signal } = answering;
      const { isStopped }: Answer = await explained(asked, () =>
        dialogue.ask(question, writer, signal),
      );
      writer.end();
      if (isStopped) note(style("dim", "· stopped"));
    } catch (error) {
      writer.end();
      report(error, terminal);
    }
    answering = null;
    note("");
  }

  process.on("SIGINT", onInterrupt);
  note(style("dim", `${asked.name} at ${asked.url}. Ctrl-C stops an answer, Ctrl-D leaves.\n`));
  for (let question = await prompt.next(); question !== null; question = await prompt.next())
    await answer(question);
  prompt.close();
  process.off("SIGINT", onInterrupt);
  const id = dialogue.conversationId();
  if (id !== null) note(style("dim", `\nTo go on with it: lex-chat ${name} --conversation ${id}`));
  return isInterrupted ? EXIT.interrupted : EXIT.ok;
}
