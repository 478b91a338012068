import { signal } from "@preact/signals-core";
import { toFailure, type Failure } from "../../state/failure.ts";
import {
  addUnsent,
  change,
  emptyTranscript,
  findEntry,
  markFailed,
  put,
  startAnswer,
  type Transcript,
} from "../../state/transcript.ts";
import { readAnswer } from "../transport/answer.ts";
import type { Owner } from "../transport/owner.ts";

export type Manager = ReturnType<typeof createManager>;

const UNSURE: Failure = { code: "send_outcome_unknown", retryable: true };

/** The talk with the configuration agent. It is kept while the page lives. */
export function createManager(
  owner: Pick<Owner, "open" | "tell">,
  { onAnswered, now = () => new Date() }: { onAnswered: () => void; now?: () => Date },
) {
  const transcript = signal<Transcript>(emptyTranscript);
  let conversation: string | undefined;
  let sent = 0;
  let answering: AbortController | undefined;

  const set = (step: (transcript: Transcript) => Transcript): void =>
    void (transcript.value = step(transcript.value));

  /** Adds to the answer `id`; the first piece puts it on the screen. */
  function addText(id: string, text: string): void {
    set((before) => {
      const known = findEntry(before, id);
      const entry = known ? { ...known, content: known.content + text } : startAnswer(id, text);
      return { ...put(before, known, [entry]), state: "responding" };
    });
  }

  /** The answer is over, however it ended. */
  function settle(answer: string, { signal }: AbortController, isWhole: boolean): void {
    const created_at = now().toISOString();
    set((before) => ({
      ...change(before, answer, { created_at, isStreaming: false, wasStopped: signal.aborted }),
      state: "idle",
      failure: isWhole || signal.aborted ? undefined : { code: "answer_lost", retryable: false },
    }));
  }

  function fail(key: string, { signal }: AbortController, error: unknown): void {
    const failure = signal.aborted ? UNSURE : toFailure(error);
    // The next message opens another one.
    if (failure.code === "conversation_full" || failure.code === "conversation_not_found")
      conversation = undefined;
    set((before) => ({ ...markFailed(before, key, failure), state: "idle" }));
  }

  async function deliver(key: string, text: string): Promise<void> {
    const own = (answering = new AbortController());
    const isCurrent = (): boolean => answering === own;
    const answer = `${key}-answer`;
    let isSent = false;
    let isWhole = false;

    set((before) => ({
      ...change(before, key, { delivery: "sending" }),
      state: "thinking",
      failure: undefined,
    }));
    try {
      conversation ??= await owner.open();
      const { body } = await owner.tell(conversation, text, own.signal);
      isSent = true;
      if (isCurrent())
        set((before) => change(before, key, { delivery: undefined, failure: undefined }));
      const onText = (piece: string): void => void (isCurrent() && addText(answer, piece));
      isWhole = body !== null && (await readAnswer(body, onText)) === "done";
    } catch (error) {
      if (!isSent && isCurrent()) return fail(key, own, error);
    }
    if (isCurrent()) settle(answer, own, isWhole);
    onAnswered();
  }

  return {
    transcript,

    send(text: string): Promise<void> {
      const key = `message-${(sent += 1)}`;
      const created_at = now().toISOString();
      set((before) => addUnsent(before, { key, content: text, created_at }));
      return deliver(key, text);
    },

    /** Sends a message again that was not sent. */
    async retry(key: string): Promise<void> {
      const entry = findEntry(transcript.value, key);
      if (entry && transcript.value.state === "idle") await deliver(key, entry.content);
    },

    /** Ends the answer on this side; what the agent has changed stays changed. */
    stop: (): void => answering?.abort(),

    startNew(): void {
      answering?.abort();
      answering = undefined;
      conversation = undefined;
      transcript.value = emptyTranscript;
    },
  };
}
