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
import { createLiveAnswer, type LiveAnswer } from "./answer.ts";
import type { Folded } from "./fold.ts";
import { createTools } from "./tools.ts";
import type { Transcript } from "./transcript.ts";

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

/** Stands where bytes were no UTF-8 (https://encoding.spec.whatwg.org/#utf-8-decoder). */
const DAMAGED = "\uFFFD";

const now = (): string => new Date().toISOString();

/** The message, if all of it is there and arrived as it was written. */
function toWhole(message: PlatformMessage, role: Message["role"]): Message | null {
  const { id, content, createdAt } = message;
  if (id === null || content === null || content.includes(DAMAGED)) return null;
  return { id, role, content, created_at: createdAt ?? now() };
}

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
  let answer: LiveAnswer | null = null;
  /** The connection opened in the middle of an answer: its beginning is missing. */
  let missedBeginning = false;
  /** The answer that ended last, as it was shown. */
  let lastAnswer: Message | null = null;
  /** An answer has ended and nothing has begun since: a piece without an id is a late one of it. */
  let isOver = false;

  /** The answer that this id belongs to. Without an id it is the one under way. */
  function answerFor(messageId: string | null): LiveAnswer {
    if (answer && (messageId === null || answer.id === messageId || answer.isProvisional))
      return answer;
    if (answer) {
      // A second message has begun before the first one's end was told: the history has the first.
      answer.flush();
      options.onIncomplete();
    }
    answer = createAnswer({ id: messageId });
    return answer;
  }

  function createAnswer(known: { id: string | null; shownBefore?: string }): LiveAnswer {
    const created = createLiveAnswer({
      ...known,
      coalesceMs: options.coalesceMs,
      onText: (offset, text) =>
        emit({ event: "message:chunk", data: { messageId: created.id, offset, text } }),
    });
    return created;
  }

  function setState(next: ConversationState): void {
    if (next !== "idle") isOver = false;
    if (next !== state) {
      state = next;
      if (!answer?.isStopped()) {
        answer?.flush();
        emit({ event: "conversation:state", data: { state } });
      }
    }
    if (next !== "idle") return;
    if (missedBeginning) options.onIncomplete();
    missedBeginning = false;
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
      isOver = false;
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
    if (message.role === "assistant" && (answer || !message.content)) {
      answerFor(message.id);
      return;
    }
    const whole = message.role === null ? null : toWhole(message, message.role);
    if (whole === null) return options.onIncomplete();
    addMessage(whole);
    transcript.advanceTo(whole.id);
    if (whole.role === "assistant") options.onAnswered();
  }

  function onChunk(messageId: string | null, text: string): void {
    if (isLate(messageId)) return;
    setState("responding");
    if (!missedBeginning) answerFor(messageId).add(text);
  }

  function onComplete(message: PlatformMessage): void {
    if (message.role === "user") return onMessage(message);
    const streamed = answer?.isMuted() === false ? answer : null;
    streamed?.flush();
    const id = message.id ?? (streamed?.isProvisional === false ? streamed.id : null);
    const whole = toWhole({ ...message, id }, "assistant");
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
    const ended = answer;
    answer = null;
    missedBeginning = false;
    isOver = true;
    lastAnswer = null;
    ended?.flush();
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
    options.onAnswered();
  }

  function onToolUse(event: Extract<PlatformEvent, { type: "tool-use" }>): void {
    if (isLate(event.messageId)) return;
    const current = answerFor(event.messageId);
    if (current.isMuted()) return;
    current.flush();
    emit(tools.use(event, current.id));
  }

  /** Belongs to the answer that has ended, as far as can be told without its id. */
  const isLate = (messageId: string | null): boolean => messageId === null && !answer && isOver;

  /** Tells again, or too late, of a message that is not the answer under way. */
  function isOld(event: PlatformEvent): boolean {
    const message = "message" in event ? event.message.id : null;
    const id = "messageId" in event ? event.messageId : message;
    return id !== null && id !== answer?.id && transcript.has(id);
  }

  function apply(event: PlatformEvent): void {
    if (isOld(event)) {
      const retold = event.type === "complete" ? toWhole(event.message, "assistant") : null;
      if (retold) correct(retold);
      return;
    }
    switch (event.type) {
      case "init":
        if (event.state && !answer) missedBeginning = event.state === "responding";
        if (event.state) setState(event.state);
        return;
      case "state":
        return setState(event.state);
      case "status":
        return setStatus(event.status);
      case "failed":
        return options.onFailed();
      case "message":
        return onMessage(event.message);
      case "chunk":
        return onChunk(event.messageId, event.text);
      case "complete":
        return onComplete(event.message);
      case "tool-use":
        return onToolUse(event);
      case "tool-result":
        if (!answer?.isMuted() && !isLate(null)) emit(tools.result(event));
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
      if (partial) answer = createAnswer({ id: partial.messageId, shownBefore: partial.text });
      else if (stopped) answer = createAnswer({ id: stopped.id, shownBefore: stopped.content });
      if (stopped) answer?.stop();
      else missedBeginning = !partial && state !== "idle";
    },

    interrupt() {
      if (answer) answer.mute();
      else missedBeginning = state !== "idle";
    },

    stop() {
      const stopped = answerFor(null);
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
      const dropped = answer;
      answer = null;
      missedBeginning = false;
      dropped?.flush();
      // Any other is not kept as seen: the platform's own end of it may still come.
      if (dropped?.isStopped()) transcript.remember(dropped.id);
    },

    state: () => (answer?.isStopped() ? "idle" : state),
    platformState: () => state,
    status: () => status,
    answer: () => answer,
    stopped: () => (answer?.isStopped() && answer.text() !== "" ? toMessage(answer) : null),
    partial: () =>
      answer && !answer.isStopped() ? { messageId: answer.id, text: answer.text() } : null,
  };
}
