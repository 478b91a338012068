/** A dialogue with Lex: the answer comes by its stream, and what that leaves out by its history. */
import { setTimeout as wait } from "node:timers/promises";
import { PlatformError, type Platform, type Sent } from "../platforms/platform.ts";
import {
  answersIn,
  isStopped,
  SILENCE_MS,
  unlessAborted,
  type AnswerHandlers,
  type Dialogue,
} from "./dialogue.ts";
import { CommandError } from "./errors.ts";
import { createListener, type Listener } from "./lex-listener.ts";
import { createTelling, type Telling } from "./telling.ts";

/** How often is asked what the stream does not say. */
const POLL_MS = 1000;
const BUSY_POLL_MS = 500;
const BUSY_MS = 60_000;

type LexDialogueOptions = {
  platform: Platform;
  /** One to go on with. */
  conversationId: string | null;
};

type Asking = {
  question: string;
  handlers: AnswerHandlers;
  signal: AbortSignal;
  listener: Listener;
  telling: Telling;
};

export function createLexDialogue({ platform, conversationId }: LexDialogueOptions): Dialogue {
  let current = conversationId;

  async function ask(question: string, handlers: AnswerHandlers, signal: AbortSignal) {
    const tools: string[] = [];
    const telling = createTelling(unlessAborted(handlers.onText, signal));
    const listener = createListener(platform, (event) => {
      telling.apply(event);
      if (event.type !== "tool-use") return;
      tools.push(event.name);
      handlers.onNotice(`uses ${event.name}`);
    });
    const work = converse({ question, handlers, signal, listener, telling });
    const hasStopped = await isStopped(work, signal).finally(() => listener.end());
    return { text: telling.text(), tools, isEscalated: false, isStopped: hasStopped };
  }

  async function converse(asking: Asking): Promise<void> {
    const { listener, signal } = asking;
    current ??= await platform.newConversationId();
    await listener.open(current);
    const sent = await send(current, asking);
    if (sent === null) return;
    // A platform that puts the question elsewhere answers there.
    if (sent.conversationId !== null) current = sent.conversationId;
    if (listener.place() !== current && !signal.aborted) await listener.open(current);
    await settle(current, sent.messageId, asking);
  }

  /** Waits while the platform is busy with something earlier. Null: interrupted before it was sent. */
  async function send(id: string, asking: Asking): Promise<Sent | null> {
    const { question, handlers, signal, listener } = asking;
    const deadline = Date.now() + BUSY_MS;
    for (let tries = 0; !signal.aborted; tries += 1) {
      listener.hold();
      try {
        const sent = await platform.send(id, question);
        listener.release();
        return sent;
      } catch (error) {
        const isBusy = error instanceof PlatformError && error.failure === "busy";
        if (!isBusy || Date.now() > deadline) throw error;
        if (tries === 0) handlers.onNotice("still at work on what was asked before; waiting");
        await wait(BUSY_POLL_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    return null;
  }

  /** Resolves when all of the answer is told, or when interrupted. */
  async function settle(id: string, since: string | null, asking: Asking): Promise<void> {
    const { telling, listener, signal } = asking;
    let lastSignAt = Date.now();
    let failure: unknown = null;
    for (;;) {
      const isNews = await listener.news(POLL_MS);
      if (signal.aborted || (telling.isWhole() && listener.isIdle())) return;
      if (isNews) lastSignAt = Date.now();
      // While text is coming there is nothing to ask.
      if (isNews && !listener.isIdle() && !telling.isWhole()) continue;
      try {
        const state = await platform.state(id);
        if (state !== "idle") lastSignAt = Date.now();
        const answers = state === "idle" ? await readAnswers(id, since) : [];
        failure = null;
        if (signal.aborted) return;
        if (answers.length > 0) return telling.complete(answers);
      } catch (error) {
        failure = error;
      }
      if (Date.now() - lastSignAt < SILENCE_MS) continue;
      throw failure ?? silence(id);
    }
  }

  async function readAnswers(id: string, since: string | null): Promise<string[]> {
    const { messages } = await platform.messages(id, since === null ? {} : { since });
    return answersIn(messages);
  }

  return {
    conversationId: () => current,
    ask,
    history: async () => (current === null ? [] : (await platform.messages(current, {})).messages),
  };
}

const silence = (id: string): CommandError =>
  new CommandError(
    `the agent has not answered for ${SILENCE_MS / 1000} s`,
    `it may still do so: go on with --conversation ${id}`,
  );
