/**
 * The platform's events in, the page's events out: one order, one set of ids, nothing twice.
 * Does no I/O; what it can't know it asks for through `onIncomplete`.
 */
import type { PlatformEvent, PlatformMessage } from "../platforms/platform.ts";
import type {
  ConversationEvent,
  ConversationState,
  ConversationStatus,
  Message,
  PartialAnswer,
} from "../protocol.ts";
import type { LiveAnswer } from "./answer.ts";
import { createAnswerSlot } from "./answer-slot.ts";
import type { Folded } from "./fold.ts";
import { createTools } from "./tools.ts";
import type { Transcript } from "./transcript.ts";
import { toWhole } from "./whole-message.ts";

export type TranslatorOptions = {
  transcript: Transcript;
  coalesceMs: number;
  toolDetails: boolean;
  emit: (event: ConversationEvent) => void;
  /** Something happened whose content only the history has. */
  onIncomplete: () => void;
  /** The platform has become idle. */
  onIdle: () => void;
  /** An answer has ended. */
  onAnswered: () => void;
  /** The answer under way will have no end. */
  onFailed: () => void;
};

export type Translator = {
  apply: (event: PlatformEvent) => void;
  /** A finished message that is not the awaited answer: shown once, and again if its text was another. */
  addMessage: (message: Message, key?: string) => void;
  /** The whole text of the answer under way, from wherever it became known. */
  endAnswer: (message: Message) => void;
  setState: (state: ConversationState) => void;
  setStatus: (status: ConversationStatus) => void;
  /** Goes on where another proxy was. Before anything else is applied. */
  resume: (folded: Folded) => void;
  /** The stream broke: what comes until the next one opens is lost. */
  interrupt: () => void;
  /** Ends the visible answer. False when it was stopped before. */
  stop: () => boolean;
  /** Gives up on the answer under way: the platform has no end of it. Tells nobody. */
  dropAnswer: () => void;
  /** What visitors are told: a stopped answer is over, though the platform may still be writing it. */
  state: () => ConversationState;
  /** What the platform said last. */
  platformState: () => ConversationState;
  status: () => ConversationStatus;
  answer: () => LiveAnswer | null;
  partial: () => PartialAnswer | null;
  /** What the visitor kept of an answer that the platform is still writing. */
  stopped: () => Message | null;
};

const now = (): string => new Date().toISOString();

/** An answer as far as it was streamed. */
const toMessage = (answer: LiveAnswer): Message => ({
  id: answer.id,
  role: "assistant",
  content: answer.text(),
  created_at: now(),
});

export function createTranslator(options: TranslatorOptions): Translator {
  const { transcript, emit } = options;
  const tools = createTools(options.toolDetails);
  let state: ConversationState = "idle";
  let status: ConversationStatus = "active";
  /** The answer that ended last, as it was shown. */
  let lastAnswer: Message | null = null;
  const answers = createAnswerSlot({
    coalesceMs: options.coalesceMs,
    onText: (messageId, offset, text) =>
      emit({ event: "message:chunk", data: { messageId, offset, text } }),
    // The history has the one that was not told to its end.
    onOverlap: options.onIncomplete,
  });

  function setState(next: ConversationState): void {
    const answer = answers.current();
    if (next !== "idle") answers.reopen();
    if (next !== state) {
      state = next;
      if (!answer?.isStopped()) {
        answer?.flush();
        emit({ event: "conversation:state", data: { state } });
      }
    }
    if (next !== "idle") return;
    if (answers.hasMissedBeginning()) options.onIncomplete();
    answers.missBeginning(false);
    options.onIdle();
  }

  function setStatus(next: ConversationStatus): void {
    if (next === status) return;
    status = next;
    emit({ event: "conversation:status", data: { status } });
  }

  function addMessage(message: Message, key?: string): void {
    if (transcript.has(message.id)) return correct(message);
    if (message.role === "user") {
      answers.reopen();
      if (transcript.claimUnnamed(message.content)) return;
    }
    if (message.role === "assistant") lastAnswer = message;
    emit({ event: "message:new", data: { message, ...(key !== undefined && { key }) } });
  }

  /** What was shown of an answer was not its text: pieces were lost, doubled or damaged on the way. */
  function correct(message: Message): void {
    if (lastAnswer?.id !== message.id || lastAnswer.content === message.content) return;
    lastAnswer = message;
    emit({ event: "message:complete", data: { message } });
  }

  function onMessage(message: PlatformMessage): void {
    // While an answer is written this only announces it; `complete` is what ends it.
    if (message.role === "assistant" && (answers.current() || !message.content)) {
      answers.of(message.id);
      return;
    }
    const whole = message.role === null ? null : toWhole(message, message.role, now());
    if (whole === null) return options.onIncomplete();
    addMessage(whole);
    transcript.advanceTo(whole.id);
    if (whole.role === "assistant") options.onAnswered();
  }

  function onChunk(messageId: string | null, text: string): void {
    if (answers.isLate(messageId)) return;
    setState("responding");
    if (!answers.hasMissedBeginning()) answers.of(messageId).add(text);
  }

  function onComplete(message: PlatformMessage): void {
    if (message.role === "user") return onMessage(message);
    const answer = answers.current();
    const streamed = answer?.isMuted() === false ? answer : null;
    streamed?.flush();
    const id = message.id ?? (streamed?.isProvisional === false ? streamed.id : null);
    const whole = toWhole({ ...message, id }, "assistant", now());
    if (whole) return endAnswer(whole);
    // Shown as it is, and checked: what was streamed is the answer, unless something went wrong.
    if (streamed && id !== null)
      showEnd({ ...toMessage(streamed), id, created_at: message.createdAt ?? now() });
    options.onIncomplete();
  }

  function endAnswer(message: Message): void {
    showEnd(message);
    transcript.advanceTo(message.id);
  }

  function showEnd(message: Message): void {
    const ended = answers.take(true);
    lastAnswer = null;
    const renamed = ended !== null && ended.id !== message.id;
    const provisional = renamed ? { provisionalId: ended.id } : {};
    if (ended?.isStopped()) {
      const content = ended.text();
      transcript.cut(message.id, content.length);
      if (renamed)
        emit({
          event: "message:complete",
          data: { message: { ...message, content }, ...provisional, stopped: true },
        });
    } else if (!transcript.has(message.id)) {
      lastAnswer = message;
      emit({ event: "message:complete", data: { message, ...provisional } });
    }
    transcript.remember(message.id);
    if (ended) transcript.remember(ended.id);
    options.onAnswered();
  }

  function onToolUse(event: Extract<PlatformEvent, { type: "tool-use" }>): void {
    if (answers.isLate(event.messageId)) return;
    const current = answers.of(event.messageId);
    if (current.isMuted()) return;
    current.flush();
    emit(tools.use(event, current.id));
  }

  /** Tells again, or too late, of a message that is not the answer under way. */
  function isOld(event: PlatformEvent): boolean {
    const message = "message" in event ? event.message.id : null;
    const id = "messageId" in event ? event.messageId : message;
    return id !== null && id !== answers.current()?.id && transcript.has(id);
  }

  function apply(event: PlatformEvent): void {
    if (isOld(event)) {
      const retold = event.type === "complete" ? toWhole(event.message, "assistant", now()) : null;
      if (retold) correct(retold);
      return;
    }
    switch (event.type) {
      case "init":
        if (event.state && !answers.current()) answers.missBeginning(event.state === "responding");
        if (event.state) setState(event.state);
        return;
      case "state":
        return setState(event.state);
      case "status":
        return setStatus(event.status);
      case "failed":
        return options.onFailed();
      case "empty":
        // An agent that has handed over leaves the answer to a person; any other has failed.
        return status === "escalated" ? options.onAnswered() : options.onFailed();
      case "message":
        return onMessage(event.message);
      case "chunk":
        return onChunk(event.messageId, event.text);
      case "complete":
        return onComplete(event.message);
      case "tool-use":
        return onToolUse(event);
      case "tool-result":
        if (!answers.current()?.isMuted() && !answers.isLate(null)) emit(tools.result(event));
    }
  }

  return {
    apply,
    addMessage,
    endAnswer,
    setState,
    setStatus,

    resume(folded) {
      state = folded.state;
      status = folded.status;
      for (const [id, length] of folded.cuts) transcript.cut(id, length);
      const { partial, stopped } = folded;
      if (partial) answers.resume(partial.messageId, partial.text);
      else if (stopped) answers.resume(stopped.id, stopped.content);
      if (stopped) answers.current()?.stop();
      else answers.missBeginning(!partial && state !== "idle");
    },

    interrupt() {
      const answer = answers.current();
      if (answer) answer.mute();
      else answers.missBeginning(state !== "idle");
    },

    stop() {
      const stopped = answers.of(null);
      if (stopped.isStopped()) return false;
      stopped.stop();
      transcript.cut(stopped.id, stopped.text().length);
      emit({
        event: "message:complete",
        data: { message: toMessage(stopped), stopped: true },
      });
      emit({ event: "conversation:state", data: { state: "idle" } });
      return true;
    },

    dropAnswer() {
      const dropped = answers.take(false);
      // Any other is not kept as seen: the platform's own end of it may still come.
      if (dropped?.isStopped()) transcript.remember(dropped.id);
    },

    state: () => (answers.current()?.isStopped() ? "idle" : state),
    platformState: () => state,
    status: () => status,
    answer: answers.current,

    stopped() {
      const answer = answers.current();
      return answer?.isStopped() && answer.text() !== "" ? toMessage(answer) : null;
    },

    partial() {
      const answer = answers.current();
      return answer && !answer.isStopped() ? { messageId: answer.id, text: answer.text() } : null;
    },
  };
}
