/** One conversation as this instance sees it: its viewers here, its log, and, while the lease is ours, all of it. */
import { createAudience, type Audience } from "../relay/audience.ts";
import { Conversation, type ConversationOptions } from "../relay/conversation.ts";
import type { Folded } from "../relay/fold.ts";
import { applyCuts, toSnapshot, type PlacedSnapshot } from "../relay/snapshot.ts";
import { SNAPSHOT_MESSAGES } from "../relay/history.ts";
import { createOccupancy } from "../relay/occupancy.ts";
import type { ConversationEvent } from "../protocol.ts";
import type { RedisConnection } from "./connection.ts";
import { createConversationKeys, type ConversationKeys } from "./conversation-keys.ts";
import { LEASE_MS, leaseConversation, releaseConversation } from "./lease.ts";
import { appendEvent, readCuts } from "./log.ts";
import { createMirror, type Mirror } from "./mirror.ts";
import { readStatus, writeStatus } from "./status.ts";

export type FleetConversationOptions = Omit<ConversationOptions, "publish" | "lastId"> & {
  redis: RedisConnection;
  instance: string;
  padding: boolean;
  /** Milliseconds that log and cuts are kept after the last use. */
  retentionMs: number;
};

type Held = { conversation: Conversation; token: string; validUntil: number };

export class FleetConversation {
  readonly id: string;
  readonly audience: Audience;
  readonly #options: FleetConversationOptions;
  readonly #keys: ConversationKeys;
  readonly #mirror: Mirror;
  #held: Held | null = null;
  #holder: string | null = null;
  #watchers = 0;
  /** Calls and viewers that wait for something here. */
  readonly #occupancy = createOccupancy();
  /** Viewers may have missed something: whoever speaks next starts with a snapshot. */
  #needsSnapshot = false;
  #isNew: boolean;
  #subscribing: Promise<() => void> | null = null;
  #leasing: Promise<Conversation | null> | null = null;
  #hasLeft = false;

  constructor(options: FleetConversationOptions) {
    const { redis, padding } = options;
    this.id = options.id;
    this.#isNew = options.isNew;
    this.#options = options;
    this.#keys = createConversationKeys(redis, options.platform.name, options.id);
    this.audience = createAudience({
      log: {
        lastId: () => this.#mirror.lastId(),
        since: (id) => this.#mirror.since(id),
      },
      readSnapshot: () => this.#readSnapshot(),
      onLeave: () => undefined,
      ...(options.observer && { observer: options.observer }),
    });
    this.#mirror = createMirror({
      redis,
      padding,
      keys: this.#keys,
      onEvent: (logged) => this.audience.show(logged),
      onGap: () => this.audience.refresh(),
    });
  }

  /** The conversation itself, while this instance may speak for it. */
  get held(): Conversation | null {
    return this.#held && this.#mayAct(this.#held) ? this.#held.conversation : null;
  }

  /** The token that had the lease when it was looked at last. */
  get holder(): string | null {
    return this.#holder;
  }

  get isWatchedElsewhere(): boolean {
    return this.#watchers > 0;
  }

  get isBusy(): boolean {
    return this.#occupancy.isOccupied() || this.#held?.conversation.isBusy === true;
  }

  get isUsed(): boolean {
    return this.isBusy || !this.audience.isEmpty();
  }

  /** False until its log has been read once. */
  get isReady(): boolean {
    return this.#mirror.isReady();
  }

  /** Its log is kept up with: what `folded` says is so. */
  get isFollowing(): boolean {
    return this.isReady && this.#subscribing !== null && this.#options.redis.isUp();
  }

  get folded(): Folded {
    return this.#mirror.folded();
  }

  /** Forgets here what was there at the call before. */
  expire(): void {
    this.#mirror.expire();
  }

  /** Keeps it in use while `work` runs. */
  occupy<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#occupancy.occupy(work);
  }

  /** The conversation itself, if its lease is free or ours. Rejects while Redis is away. */
  acquire(): Promise<Conversation | null> {
    return this.occupy(async () => {
      // A renewal that is under way may have begun before there was a use for the lease.
      await this.#leasing?.catch(() => null);
      return this.held ?? this.renew();
    });
  }

  /** Renews the lease, takes it when it is free and there is use for it, and reads what is new. */
  renew(): Promise<Conversation | null> {
    if (this.#hasLeft) return Promise.resolve(null);
    this.#leasing ??= this.#lease().finally(() => (this.#leasing = null));
    return this.#leasing;
  }

  async #lease(): Promise<Conversation | null> {
    const { redis, instance, retentionMs } = this.#options;
    const held = this.#held;
    const known = this.#mirror.folded();
    const askedAt = performance.now();
    try {
      await this.#listen();
      const lease = await leaseConversation(redis, this.#keys, {
        instance,
        retentionMs,
        token: held?.token ?? null,
        wants: this.isUsed,
        hasViewers: !this.audience.isEmpty(),
      });
      this.#holder = lease.holder;
      this.#watchers = lease.watchers;
      if (lease.token === null) this.lose();
      else if (lease.isNew) await this.#take(lease.token, askedAt + LEASE_MS, known);
      else if (held) held.validUntil = askedAt + LEASE_MS;
      if (lease.isNudged) await this.#nudge();
      await this.#mirror.reach(lease.position);
    } catch (error) {
      if (held && !this.#mayAct(held)) this.lose();
      throw error;
    }
    return this.held;
  }

  async #take(token: string, validUntil: number, known: Folded): Promise<void> {
    this.lose();
    // Whatever the last holder has appended is there by now: its token is worth nothing any more.
    await this.#mirror.pull();
    // A log that begins anew does not say what viewers were shown before.
    const folded = this.#mirror.isEmpty() ? known : this.#mirror.folded();
    const [cuts, status] = await Promise.all([
      readCuts(this.#options.redis, this.#keys),
      readStatus(this.#options.redis, this.#keys),
    ]);
    const conversation: Conversation = new Conversation({
      ...this.#options,
      isNew: this.#isNew,
      folded: { ...folded, cuts: new Map([...folded.cuts, ...cuts]) },
      mayAct: () => this.#mayAct(held),
      publish: (event) => this.#publish(held, event),
      lastId: () => this.#mirror.lastId(),
    });
    const held: Held = { conversation, token, validUntil };
    this.#held = held;
    this.#isNew = false;
    // What viewers know of it may be older, or gone from the log.
    if (status) conversation.setStatus(status);
    const isWatched = this.audience.size() + this.#watchers > 0;
    if (!this.#needsSnapshot && !isWatched && this.#mirror.isEmpty()) return;
    // Viewers saw an answer begin, and maybe not its end: it is followed from here, and they start afresh.
    this.#needsSnapshot = false;
    this.#options.logger.info({ conversation: this.id }, "this instance takes it over");
    void conversation.occupy(() => conversation.resume());
  }

  /** What happened here the history tells, and who answers now what was kept of it. */
  async #nudge(): Promise<void> {
    const status = await readStatus(this.#options.redis, this.#keys);
    this.held?.nudge(status ?? undefined);
  }

  #mayAct(held: Held): boolean {
    return this.#held === held && performance.now() < held.validUntil;
  }

  async #publish(held: Held, event: ConversationEvent): Promise<void> {
    if (this.#held === held) await this.#append(held, event);
  }

  /** Appends are sent in order, and Redis does them in order. */
  async #append(held: Held, event: ConversationEvent): Promise<void> {
    const { redis, retentionMs } = this.#options;
    const { token } = held;
    const position = await appendEvent(redis, this.#keys, event, { token, retentionMs }).catch(
      () => null,
    );
    if (!position) return this.#loseBecause(held);
    this.#mirror.onAppended(position, event);
    if (event.event === "conversation:status")
      await writeStatus(redis, this.#keys, event.data.status).catch(() => undefined);
  }

  /** An event could not be appended: what viewers know is no longer what is so. */
  #loseBecause(held: Held): void {
    if (this.#held !== held) return;
    this.lose();
    this.#needsSnapshot = true;
    this.renew().catch(() => undefined);
  }

  /** Speaks for it no longer; viewers stay. */
  lose(): void {
    this.#held?.conversation.close();
    this.#held = null;
  }

  /** Redis is away: nothing can be told, and it is not known what will be left. */
  onAway(): void {
    this.lose();
    this.#needsSnapshot = true;
  }

  async #readSnapshot(): Promise<PlacedSnapshot> {
    const { held } = this;
    if (held) return held.snapshot();
    const { platform } = this.#options;
    const folded = this.#mirror.folded();
    const at = this.#mirror.lastId();
    const page = await platform.messages(this.id, { limit: SNAPSHOT_MESSAGES });
    const cuts = new Map([...(await this.#readCuts()), ...folded.cuts]);
    const status = (await readStatus(this.#options.redis, this.#keys)) ?? folded.status;
    const shown = { ...page, messages: applyCuts(cuts, page.messages) };
    return { data: toSnapshot(shown, { ...folded, status }), at };
  }

  /** Without Redis a snapshot is better than none. */
  async #readCuts(): Promise<Map<string, number>> {
    return readCuts(this.#options.redis, this.#keys).catch(() => new Map<string, number>());
  }

  /** Hears of what is appended, from now on. */
  async #listen(): Promise<void> {
    const { redis } = this.#options;
    this.#subscribing ??= redis.subscribe(this.#keys.channel, (message) => this.#onNews(message));
    try {
      await this.#subscribing;
    } catch (error) {
      this.#subscribing = null;
      throw error;
    }
  }

  #onNews(message: string): void {
    if (message === "free") {
      this.#holder = null;
      if (this.isUsed) this.renew().catch(() => undefined);
      return;
    }
    const [epoch = "", n = ""] = message.split("-");
    this.#mirror.onAppended({ epoch, n: Number(n) });
  }

  /** Gives the lease up, and hears of nothing any more. Never rejects. */
  async leave(): Promise<void> {
    const { redis, instance } = this.#options;
    this.#hasLeft = true;
    // What it may be given in this moment is given back too.
    await this.#leasing?.catch(() => null);
    const token = this.#held?.token ?? null;
    this.lose();
    const subscribing = this.#subscribing;
    this.#subscribing = null;
    await subscribing?.then((unsubscribe) => unsubscribe()).catch(() => undefined);
    if (redis.isUp())
      await releaseConversation(redis, this.#keys, { instance, token }).catch(() => undefined);
  }
}
