/** One conversation: its one subscription to the platform, its sends, and what is told to whoever watches. */
import type { Logger } from "pino";
import type { Page, PageQuery, Platform, Sent } from "../platforms/platform.ts";
import type {
  ConversationEvent,
  ConversationState,
  ConversationStatus,
  Message,
  RunningTool,
} from "../protocol.ts";
import { createDelivery, type Deliver } from "./delivery.ts";
import type { Folded } from "./fold.ts";
import { createFollowUp, type FollowUp } from "./follow-up.ts";
import { createGate, type Gate } from "./gate.ts";
import { createHistory, type History } from "./history.ts";
import { UNOBSERVED, type Observer } from "./observer.ts";
import { createOccupancy } from "./occupancy.ts";
import { foldTools } from "./running-tools.ts";
import { createStopwatch, type Stopwatch } from "./stopwatch.ts";
import type { Moment } from "./snapshot.ts";
import { openSubscription, type Subscription } from "./subscription.ts";
import { RELAY_TIMES, type RelayTimes } from "./times.ts";
import { createTranscript } from "./transcript.ts";
import { createTranslator, type Translator } from "./translator.ts";

export type ConversationOptions = {
  id: string;
  /** Opened by this proxy a moment ago: there is nothing to read before the first message. */
  isNew: boolean;
  platform: Platform;
  /** Where another proxy left it, or this one. */
  folded?: Folded;
  /** False when this proxy is no longer the one that may speak for it: nothing is sent then. */
  mayAct?: () => boolean;
  /** Logs an event and shows it to the viewers. A promise resolves when that is done, and never rejects. */
  publish: (event: ConversationEvent) => Promise<void> | void;
  /** The id of the event that was published last. */
  lastId: () => string;
  coalesceMs: number;
  toolDetails: boolean;
  logger: Logger;
  observer?: Observer;
  times?: Partial<RelayTimes>;
};

export class Conversation {
  readonly id: string;
  readonly #options: ConversationOptions;
  readonly #transcript = createTranscript();
  readonly #translator: Translator;
  readonly #history: History;
  readonly #times: RelayTimes;
  readonly #followUp: FollowUp;
  #subscription: Subscription | null = null;
  readonly #gate: Gate;
  readonly #deliver: Deliver;
  readonly #stopwatch: Stopwatch;
  #tools: readonly RunningTool[];
  /** Events that were told so far. */
  #told = 0;
  #writing: Promise<void> | void = undefined;
  readonly #occupancy = createOccupancy();
  #closed = false;

  constructor(options: ConversationOptions) {
    this.id = options.id;
    this.#options = options;
    this.#tools = options.folded?.tools ?? [];
    this.#times = { ...RELAY_TIMES, ...options.times };
    this.#stopwatch = createStopwatch(options.observer ?? UNOBSERVED);
    this.#translator = createTranslator({
      transcript: this.#transcript,
      coalesceMs: options.coalesceMs,
      toolDetails: options.toolDetails,
      emit: (event) => this.#emit(event),
      onIncomplete: () => this.#followUp.onIncomplete(),
      onIdle: () => this.#followUp.onIdle(),
      onAnswered: () => this.#followUp.onAnswered(),
      onFailed: () => this.#followUp.onFailed(),
    });
    this.#gate = createGate(this.#translator.apply);
    this.#history = createHistory({
      conversationId: options.id,
      isNew: options.isNew,
      platform: options.platform,
      transcript: this.#transcript,
      translator: this.#translator,
      look: () => this.#look(),
      isAwaiting: () => this.#followUp.isAwaiting(),
      isClosed: () => this.#closed,
      onAwaited: (state) => {
        this.#translator.setState(state);
        this.#followUp.expect();
      },
      times: this.#times,
      logger: options.logger,
    });
    this.#followUp = createFollowUp({
      conversationId: options.id,
      platform: options.platform,
      translator: this.#translator,
      history: this.#history,
      subscription: () => this.#subscription,
      snapshot: () => this.snapshot(),
      emit: (event) => this.#emit(event),
      told: () => this.#told,
      times: this.#times,
      logger: options.logger,
    });
    this.#deliver = createDelivery({
      gate: this.#gate,
      history: this.#history,
      translator: this.#translator,
      transcript: this.#transcript,
      followUp: this.#followUp,
      stopwatch: this.#stopwatch,
      isAnswering: () => this.#isAnswering,
      isStreaming: () => this.#subscription?.isUp() === true,
    });
    if (options.folded) this.#translator.resume(options.folded);
  }

  get state(): ConversationState {
    return this.#translator.state();
  }

  get status(): ConversationStatus {
    return this.#translator.status();
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
    return this.#isAnswering || this.#occupancy.isOccupied();
  }

  /** Keeps it busy while `work` runs. */
  occupy<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#occupancy.occupy(work);
  }

  /** The conversation as it is now. Rejects with a `PlatformError` when its history can't be read. */
  async snapshot(): ReturnType<History["snapshot"]> {
    if (!this.#subscription) await this.#followIfAnswering();
    return this.#history.snapshot();
  }

  async #look(): Promise<Moment> {
    await this.#writing;
    const { state, status } = this;
    const partial = this.#translator.partial();
    const stopped = this.#translator.stopped();
    const at = this.#options.lastId();
    return { state, status, partial, stopped, tools: this.#tools, at, told: this.#told };
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

  /**
   * Takes over where another proxy was: an answer that is under way is followed to its end, and viewers
   * start afresh, now or as soon as the history can be read. Never rejects.
   */
  async resume(): Promise<void> {
    const askState = (): Promise<ConversationState | null> =>
      this.#options.platform.state(this.id).catch(() => null);
    const isIdle = this.state === "idle" && !this.#translator.answer();
    // Where nothing happens the snapshot is all that is needed, and costs the platform no stream.
    if (!isIdle || (await askState()) !== "idle") {
      await this.#gate.holdWhile(() => this.prepare()).catch(() => undefined);
      this.#translator.setState((await askState()) ?? this.state);
      this.#followUp.applied();
      await this.reconcile();
    }
    // Held, so that nothing is told between what the snapshot says and its place in the log.
    await this.#gate.holdWhile(() => this.#followUp.refresh());
  }

  /** Opens the stream and learns what is there, before anything is sent. */
  async prepare(): Promise<void> {
    this.subscribe();
    await this.#subscription?.settled(this.#times.streamWaitMs);
    await this.#history.learn();
    if (!this.#subscription?.isUp()) await this.reconcile();
  }

  /** As `Deliver`. */
  deliver(content: string, key: string | undefined, send: () => Promise<Sent>): Promise<string> {
    return this.#deliver(content, key, send);
  }

  /** The newest message, as far as is known after `prepare`. */
  get lastMessageId(): string | null {
    return this.#transcript.lastId();
  }

  /** As `History.find`. */
  find(content: string, since: string | null): Promise<string | null> {
    return this.#history.find(content, since);
  }

  /** As far as is known here: an answer is written, or awaited. */
  get #isAnswering(): boolean {
    return (
      this.state !== "idle" || this.#translator.answer() !== null || this.#followUp.isAwaiting()
    );
  }

  /** Ends the visible answer at once, whatever the platform still sends. False when none is under way. */
  stop(): boolean {
    return this.#isAnswering && this.#translator.stop();
  }

  /** Opens the platform's stream, unless it is open. */
  subscribe(): void {
    if (this.#subscription || this.#closed) return;
    const { platform, logger } = this.#options;
    this.#subscription = openSubscription({
      platform,
      conversationId: this.id,
      logger,
      times: this.#times,
      onEvent: (event) => {
        this.#stopwatch.onRead(event);
        this.#gate.receive(event);
        this.#stopwatch.onApplied(event);
        this.#followUp.applied();
      },
      onUp: () => void this.#catchUp(),
      onNoStream: () => void this.reconcile(),
      onDown: () => this.#translator.interrupt(),
      onReconnect: () => this.#options.observer?.reconnected(),
    });
  }

  /** What an answer missed is told before the platform's word that it is idle. */
  async #catchUp(): Promise<void> {
    if (this.#translator.answer()) await this.#gate.holdWhile(() => this.reconcile());
    else await this.reconcile();
  }

  /** Closes the platform's stream; the next viewer or send opens it again. */
  unsubscribe(): void {
    this.#subscription?.close();
    this.#subscription = null;
  }

  /** The platform says that something happened: the history tells what. A repeat changes nothing. */
  nudge(status?: ConversationStatus): void {
    if (status) this.setStatus(status);
    void this.reconcile();
  }

  /** Tells viewers who answers, unless they know. */
  setStatus(status: ConversationStatus): void {
    this.#translator.setStatus(status);
  }

  /** Reads `messages?since` and adds what is new. Never rejects. */
  async reconcile(): Promise<void> {
    await this.#history.reconcile();
  }

  #emit(event: ConversationEvent): void {
    if (this.#closed) return;
    this.#told += 1;
    this.#tools = foldTools(this.#tools, event);
    const onWritten = this.#stopwatch.onPublish(event);
    this.#writing = this.#options.publish(event);
    if (this.#writing) void this.#writing.then(onWritten);
    else onWritten();
  }

  close(): void {
    this.#closed = true;
    this.#followUp.end();
    this.unsubscribe();
  }
}
