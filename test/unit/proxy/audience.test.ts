import { describe, expect, test, vi } from "vitest";
import type { ConversationEvent } from "../../../proxy/protocol.ts";
import { createAudience } from "../../../proxy/relay/audience.ts";
import { createMemoryLog } from "../../../proxy/relay/memory-log.ts";
import type { PlacedSnapshot, Snapshot } from "../../../proxy/relay/snapshot.ts";
import type { Viewer } from "../../../proxy/relay/viewer.ts";

const SNAPSHOT: Snapshot = {
  state: "idle",
  status: "active",
  messages: [],
  partial: null,
  hasMore: false,
};

type Watcher = Viewer & { seen: string[]; leave: () => void; retries: Array<number | undefined> };

/** What a viewer gets, as the names of events and their numbers: `init@2`, `state@3`. */
function createViewer(): Watcher {
  const seen: string[] = [];
  const retries: Array<number | undefined> = [];
  const listeners: Array<() => void> = [];
  let closed = false;
  const leave = (): void => {
    closed = true;
    for (const listener of listeners) listener();
  };
  return {
    seen,
    retries,
    leave,
    send(frame) {
      const text = typeof frame === "string" ? frame : Buffer.from(frame).toString();
      const [, n] = /^id: \w+-(\d+)$/m.exec(text) ?? [];
      const [, name] = /^event: (?:conversation:)?(\w+)$/m.exec(text) ?? [];
      if (!closed) seen.push(`${name}@${n}`);
    },
    end(retryMs) {
      retries.push(retryMs);
      leave();
    },
    isClosed: () => closed,
    onClose: (listener) => void listeners.push(listener),
  };
}

const STATE: ConversationEvent = { event: "conversation:state", data: { state: "thinking" } };

/** Snapshots are read when the test says so. */
function open(maxEvents = 100) {
  const log = createMemoryLog({ maxEvents });
  const reads: Array<PromiseWithResolvers<PlacedSnapshot>> = [];
  /** The log's end when each was begun. */
  const places: string[] = [];
  const onLeave = vi.fn<() => void>();
  const audience = createAudience({
    log,
    onLeave,
    readSnapshot() {
      const read = Promise.withResolvers<PlacedSnapshot>();
      places.push(log.lastId());
      reads.push(read);
      return read.promise;
    },
  });
  const tell = (): void => audience.show(log.append(STATE));
  const answer = (index: number, at = places[index] ?? ""): void =>
    reads[index]?.resolve({ data: SNAPSHOT, at });
  return { log, audience, reads, onLeave, tell, answer };
}

const ERROR: ConversationEvent = {
  event: "error",
  data: { code: "answer_lost", message: "Lost.", retryable: true },
};

describe("a viewer", () => {
  test("that comes right after an error is told it behind the snapshot, and later ones are not", async () => {
    const { log, audience, tell, answer } = open();
    tell();
    audience.show(log.append(ERROR));
    const [first, second] = [createViewer(), createViewer()];
    const admitted = audience.admit(first, null);
    answer(0);
    await admitted;
    tell();
    const later = audience.admit(second, null);
    answer(1);
    await later;
    expect(first.seen).toEqual(["init@1", "error@2", "state@3"]);
    expect(second.seen).toEqual(["init@3"]);
  });

  test("that comes when an error is no longer kept gets the snapshot alone", async () => {
    const { log, audience, answer } = open();
    audience.show(log.append(ERROR));
    log.expire();
    log.expire();
    const viewer = createViewer();
    const admitted = audience.admit(viewer, null);
    answer(0);
    await admitted;
    expect(viewer.seen).toEqual(["init@1"]);
  });

  test("gets a snapshot, what happened while it was read, and what happens then", async () => {
    const { audience, tell, answer } = open();
    const viewer = createViewer();
    tell();
    const admitted = audience.admit(viewer, null);
    tell();
    expect(audience.size()).toBe(0);
    expect(audience.isEmpty()).toBe(false);
    answer(0);
    await admitted;
    tell();
    expect(viewer.seen).toEqual(["init@1", "state@2", "state@3"]);
    expect(audience.size()).toBe(1);
  });

  test("is not told what its snapshot says that it includes", async () => {
    const { log, audience, tell, answer } = open();
    const viewer = createViewer();
    const admitted = audience.admit(viewer, null);
    tell();
    const at = log.lastId();
    tell();
    answer(0, at);
    await admitted;
    expect(viewer.seen).toEqual(["init@1", "state@2"]);
  });

  test("that resumes gets what it missed, and no snapshot", async () => {
    const { log, audience, reads, tell } = open();
    const viewer = createViewer();
    tell();
    const id = log.lastId();
    tell();
    await audience.admit(viewer, id);
    tell();
    expect(viewer.seen).toEqual(["state@2", "state@3"]);
    expect(reads).toHaveLength(0);
  });

  test("gets a later snapshot when the log has run on too far meanwhile", async () => {
    const { audience, reads, tell, answer } = open(2);
    const viewer = createViewer();
    const admitted = audience.admit(viewer, null);
    for (let count = 0; count < 4; count += 1) tell();
    answer(0);
    await vi.waitFor(() => expect(reads).toHaveLength(2));
    answer(1);
    await admitted;
    expect(viewer.seen).toEqual(["init@4"]);
  });

  test("that left while its snapshot was read gets nothing, and none is read again for it", async () => {
    const { audience, reads, onLeave, tell, answer } = open(2);
    const viewer = createViewer();
    const admitted = audience.admit(viewer, null);
    for (let count = 0; count < 4; count += 1) tell();
    viewer.leave();
    answer(0);
    await admitted;
    expect(reads).toHaveLength(1);
    expect(audience.isEmpty()).toBe(true);
    expect(onLeave).toHaveBeenCalledOnce();
  });

  test("is told of a snapshot that can't be read, and the next one is read anew", async () => {
    const { audience, reads, answer } = open();
    const first = audience.admit(createViewer(), null);
    reads[0]?.reject(new Error("the platform is away"));
    await expect(first).rejects.toThrow("the platform is away");
    const second = createViewer();
    const admitted = audience.admit(second, null);
    answer(1);
    await admitted;
    expect(second.seen).toEqual(["init@0"]);
  });
});

test("a hundred viewers who come while a snapshot is read share it, and miss nothing", async () => {
  const { audience, reads, tell, answer } = open();
  const viewers = Array.from({ length: 100 }, createViewer);
  const admitted = viewers.map((viewer) => {
    tell();
    return audience.admit(viewer, null);
  });
  expect(reads).toHaveLength(1);
  answer(0);
  await Promise.all(admitted);
  const all = ["init@1", ...Array.from({ length: 99 }, (_, index) => `state@${index + 2}`)];
  for (const { seen } of viewers) expect(seen).toEqual(all);
});

describe("a refresh", () => {
  test("shows nothing before its snapshot, which is read once for all", async () => {
    const { audience, log, reads, tell, answer } = open();
    const viewers = Array.from({ length: 100 }, createViewer);
    for (const viewer of viewers) await audience.admit(viewer, log.lastId());
    audience.refresh();
    tell();
    expect(viewers[0]?.seen).toEqual([]);
    answer(0);
    await vi.waitFor(() => expect(audience.size()).toBe(100));
    for (const { seen } of viewers) expect(seen).toEqual(["init@0", "state@1"]);
    expect(reads).toHaveLength(1);
  });

  test("of nobody reads nothing", () => {
    const { audience, reads } = open();
    audience.refresh();
    expect(reads).toHaveLength(0);
  });

  test("that fails ends its viewers, who come back", async () => {
    const { audience, log, reads } = open();
    const viewer = createViewer();
    await audience.admit(viewer, log.lastId());
    audience.refresh();
    reads[0]?.reject(new Error("the platform is away"));
    await vi.waitFor(() => expect(viewer.retries).toEqual([undefined]));
    expect(audience.isEmpty()).toBe(true);
  });
});

test("whoever waits is counted and dismissed with the others, each with its own time", async () => {
  const { audience, log, onLeave } = open();
  const [waiting, watching] = [createViewer(), createViewer()];
  audience.expect(waiting);
  await audience.admit(watching, log.lastId());
  expect(audience.isEmpty()).toBe(false);
  let retryMs = 0;
  audience.dismiss(() => (retryMs += 100));
  expect([watching.retries, waiting.retries]).toEqual([[100], [200]]);
  expect(audience.isEmpty()).toBe(true);
  expect(onLeave).toHaveBeenCalledTimes(2);
});
