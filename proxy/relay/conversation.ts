/** One conversation: its one subscription to the platform, its sends, and what is told to whoever watches. */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Page, PageQuery, Platform, Sent } from "../platforms/platform.ts";
import type { ConversationEvent, ConversationState, Message } from "../protocol.ts";
import type { Folded } from "./fold.ts";
import { createGate, type Gate } from "./gate.ts";
import { createHistory, type History } from "./history.ts";
import { UNOBSERVED, type Observer } from "./observer.ts";
import { createStopwatch, type Stopwatch } from "./stopwatch.ts";
import { toSnapshot, type Snapshot } from "./snapshot.ts";
import { openSubscription, type Subscription } from "./subscription.ts";
import { createTranscript } from "./transcript.ts";
import { createTranslator, type Translator } from "./translator.ts";
import { watchAnswer } from "./watch.ts";

/** How long a send waits for the platform's stream. Without it the history supplies what was missed. */
const STREAM_WAIT_MS = 3000;
/** After `idle`, how long the answer's end may still take to arrive. */
const SETTLE_MS = 400;
/** A platform that is idle this long after it took a message will not answer it. */
const NO_ANSWER_MS = 5000;

export type ConversationOptions = {
  id: string;
  /** Opened by this proxy a moment ago: there is nothing to read before the first message. */
  isNew: boolean;
  platform: Platform;
  /** Where another proxy left it. */
  folded?: Folded;
  /** False when this proxy is no longer the one that may speak for it: nothing is sent then. */
  mayAct?: () => boolean;
  /** Logs an event and shows it to the viewers. */
  publish: (event: ConversationEvent) => void;
  coalesceMs: number;
  toolDetails: boolean;
  logger: Logger;
  observer?: Observer;
};

export class Conversation {
  readonly id: string;
  readonly #options: ConversationOptions;
  readonly #transcript = createTranscript();
  readonly #translator: Translator;
  readonly #history: History;
  #subscription: Subscription | null = null;
  /** Set while an accepted send has no answer yet. */
  #stopWatching: (() => void) | null = null;
  readonly #gate: Gate;
  readonly #stopwatch: Stopwatch;
  #settleTimer: NodeJS.Timeout | undefined;
  /** Something happened whose content only the history has. */
  #isIncomplete = false;
  /** Whatever must not be cut off by a sweep or a clean end. */
  #occupants = 0;
  #lastEventAt = 0;
  #acceptedAt = 0;
  #closed = false;

  constructor(options: ConversationOptions) {
    this.id = options.id;
    this.#options = options;
    this.#stopwatch = createStopwatch(options.observer ?? UNOBSERVED);
    this.#translator = createTranslator({
      transcript: this.#transcript,
      coalesceMs: options.coalesceMs,
      toolDetails: options.toolDetails,
      emit: (event) => this.#emit(event),
      onIncomplete: () => {
        this.#isIncomplete = true;
        this.#settleSoon();
      },
      onIdle: () => this.#settleSoon(),
      onAnswered: () => this.#endWatch(),
    });
    if (options.folded) this.#translator.resume(options.folded);
    this.#gate = createGate(this.#translator.apply);
    this.#history = createHistory({
      conversationId: options.id,
      isNew: options.isNew,
      platform: options.platform,
      transcript: this.#transcript,
      translator: this.#translator,
      isAwaiting: () => this.#stopWatching !== null,
      isClosed: () => this.#closed,
      logger: options.logger,
    });
  }

  get state(): ConversationState {
    return this.#translator.state();
  }

  get isSubscribed(): boolean {
    return this.#subscription !== null;
  }

  /** Whether a send may still go out from here. */
  get mayAct(): boolean {
    return !this.#closed && this.#options.mayAct?.() !== false;
  }

  /** A send is under way, or an answer is written or awaited. */
  get isBusy(): boolean {
    const isAnswering = this.#translator.state() !== "idle" || this.#translator.answer() !== null;
    return isAnswering || this.#stopWatching !== null || this.#occupants > 0;
  }

  /** Keeps it busy while `work` runs. */
  async occupy<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#occupants += 1;
    try {
      return await work();
    } finally {
      this.#occupants -= 1;
    }
  }

  /** The conversation as it is now. Rejects with a `PlatformError` when its history can't be read. */
  async snapshot(): Promise<Snapshot> {
    if (!this.#subscription) await this.#followIfAnswering();
    const { state } = this;
    const partial = this.#translator.partial();
    const stopped = this.#translator.stopped();
    return toSnapshot(await this.#history.snapshot(), { state, partial, stopped });
  }

  /** Without the stream only the platform's word tells whether something is being written right now. */
  async #followIfAnswering(): Promise<void> {
    const state = await this.#options.platform.state(this.id).catch(() => "idle");
    if (state !== "idle") await this.prepare();
  }

  /** A page of the platform's history as this conversation's visitors may see it. */
  page(query: PageQuery): Promise<Page> {
    return this.#history.page(query);
  }

  /** What its visitors may see of these messages: a stopped answer ends where it was stopped. */
  visible(messages: readonly Message[]): Message[] {
    return this.#transcript.applyCuts(messages);
  }

  /** Takes over where another proxy was: an answer that is under way is followed to its end. */
  async resume(): Promise<void> {
    await this.prepare();
    const state = await this.#options.platform.state(this.id).catch(() => this.state);
    if (state !== "idle" && !this.#stopWatching) this.#watch();
    else if (this.#translator.answer()) this.#settleSoon();
    await this.reconcile();
  }

  /** Opens the stream and learns what is there, before anything is sent. */
  async prepare(): Promise<void> {
    this.subscribe();
    await this.#subscription?.settled(STREAM_WAIT_MS);
    await this.#history.learn();
    if (!this.#subscription?.isUp()) await this.reconcile();
  }

  /**
   * Sends `content` by `send` and resolves with the message's id. While it runs the platform's events
   * wait, so that the visitor's own message always comes before its answer. Rejects as `send` does.
   */
  deliver(content: string, key: string | undefined, send: () => Promise<Sent>): Promise<string> {
    return this.#gate.holdWhile(async () => {
      const { messageId } = await send();
      return this.#accept(content, messageId, key);
    });
  }

  /** The platform has taken `content`; returns the message's id. `messageId` null: it named none. */
  #accept(content: string, messageId: string | null, key: string | undefined): string {
    // The platform takes a message only when it is idle: an answer that was stopped is over by now.
    if (this.#translator.answer()?.isStopped()) this.#translator.closeAnswer();
    this.#history.begin();
    this.#stopwatch.onAccepted();
    const echo = this.#gate.takeEcho(content, messageId);
    const platformId = messageId ?? echo?.id ?? null;
    const id = platformId ?? randomUUID();
    const createdAt = echo?.createdAt ?? new Date().toISOString();
    this.#translator.addMessage({ id, role: "user", content, created_at: createdAt }, key);
    if (platformId === null) this.#transcript.addUnnamed(content);
    // With the stream down, messages before this one may be unread: `since` has to go on from there.
    if (platformId !== null && this.#subscription?.isUp()) this.#transcript.advanceTo(platformId);
    else this.#transcript.remember(id);
    this.#watch();
    return id;
  }

  /** The newest message, as far as is known after `prepare`. */
  get lastMessageId(): string | null {
    return this.#transcript.lastId();
  }

  /** As `History.find`. */
  find(content: string, since: string | null): Promise<string | null> {
    return this.#history.find(content, since);
  }

  /** Ends the visible answer at once, whatever the platform still sends. False when none is under way. */
  stop(): boolean {
    const isAnswering =
      this.state !== "idle" || this.#translator.answer() !== null || this.#stopWatching !== null;
    return isAnswering && this.#translator.stop();
  }

  #watch(): void {
    this.#endWatch();
    if (this.#closed) return;
    this.#acceptedAt = Date.now();
    const { platform, logger } = this.#options;
    this.#stopWatching = watchAnswer({
      logger,
      isStreaming: () => this.#subscription?.isUp() === true,
      lastEventAt: () => this.#lastEventAt,
      poll: async () => {
        const state = await platform.state(this.id);
        await this.reconcile();
        this.#translator.setState(state);
      },
      onGiveUp: () => {
        this.#stopWatching = null;
        this.#emit({
          event: "error",
          data: { code: "platform_timeout", message: "The agent did not answer.", retryable: true },
        });
      },
    });
    this.#subscription?.retryNow();
  }

  #endWatch(): void {
    this.#stopWatching?.();
    this.#stopWatching = null;
  }

  /** Opens the platform's stream, unless it is open. */
  subscribe(): void {
    if (this.#subscription || this.#closed) return;
    const { platform, logger } = this.#options;
    this.#subscription = openSubscription({
      platform,
      conversationId: this.id,
      logger,
      onEvent: (event) => {
        this.#lastEventAt = Date.now();
        this.#stopwatch.onRead(event);
        this.#gate.receive(event);
        this.#stopwatch.onApplied(event);
      },
      onUp: () => void this.reconcile(),
      onDown: () => this.#translator.interrupt(),
      onReconnect: () => this.#options.observer?.reconnected(),
    });
  }

  /** Closes the platform's stream; the next viewer or send opens it again. */
  unsubscribe(): void {
    this.#subscription?.close();
    this.#subscription = null;
  }

  #settleSoon(): void {
    clearTimeout(this.#settleTimer);
    if (this.#closed) return;
    this.#settleTimer = setTimeout(() => void this.#settle(), SETTLE_MS);
  }

  /** The end of an answer, or all of it, did not come by the stream: the history has it. */
  async #settle(): Promise<void> {
    const answer = this.#translator.answer();
    if (!answer && !this.#stopWatching && !this.#isIncomplete) return;
    this.#isIncomplete = false;
    await this.reconcile();
    const state = await this.#options.platform.state(this.id).catch(() => null);
    const isStillOpen = answer !== null && this.#translator.answer() === answer;
    if (state !== "idle") return;
    if (isStillOpen) this.#translator.closeAnswer();
    // Idle, and nothing new: the answer was read with the history, or there is none.
    if (Date.now() - this.#acceptedAt > NO_ANSWER_MS) this.#endWatch();
  }

  /** Reads `messages?since` and adds what is new. Never rejects. */
  reconcile(): Promise<void> {
    return this.#history.reconcile();
  }

  #emit(event: ConversationEvent): void {
    if (this.#closed) return;
    this.#options.publish(event);
    this.#stopwatch.onWritten(event);
  }

  close(): void {
    this.#closed = true;
    this.#endWatch();
    clearTimeout(this.#settleTimer);
    this.unsubscribe();
  }
}
