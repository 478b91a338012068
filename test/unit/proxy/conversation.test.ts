/** What the history has to supply where the platform's stream left something out. */
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  PlatformError,
  type Platform,
  type PlatformEvent,
  type StreamHandlers,
} from "../../../proxy/platforms/platform.ts";
import type { ConversationState, Message } from "../../../proxy/protocol.ts";
import { Conversation } from "../../../proxy/relay/conversation.ts";
import { encodeEvent } from "../../../proxy/relay/sse.ts";
import { AT, chunk, complete, init, saved, state, toolResult, toolUse } from "./translating.ts";

const message = (id: string, role: Message["role"], content: string): Message => ({
  id,
  role,
  content,
  created_at: AT,
});

/** A platform whose stream and history a test writes by hand. */
function createScript(history: Message[], now: ConversationState) {
  let stream: StreamHandlers | null = null;
  let isRefusing = false;
  let onRead = (): void => undefined;
  /** What the platform says when it is asked. */
  const states = { now };
  const platform: Platform = {
    name: "lex",
    newConversationId: async () => "c1",
    opensConversations: false,
    send: async () => ({ messageId: null, conversationId: null }),
    async stream(_id, handlers, signal) {
      stream = handlers;
      handlers.onOpen();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    },
    async messages(_id, { since, limit = 50 }) {
      if (isRefusing) throw new PlatformError("unavailable", "not now");
      const later = history.slice(history.findIndex(({ id }) => id === since) + 1);
      const messages = since === undefined ? later.slice(-limit) : later.slice(0, limit);
      onRead();
      return { messages, hasMore: messages.length < later.length };
    },
    state: async () => states.now,
    recent: async () => [],
    overview: async () => ({ title: null, lastMessage: null, state: "idle" }),
  };
  const tell = (...events: PlatformEvent[]): void => {
    for (const event of events) {
      if (event.type === "state") states.now = event.state;
      stream?.onEvent(event);
    }
  };
  return {
    platform,
    states,
    tell,
    refuse: (now: boolean): void => void (isRefusing = now),
    /** Something happens between a page and its arrival. */
    onceRead(happen: () => void): void {
      onRead = () => {
        onRead = () => undefined;
        happen();
      };
    },
  };
}

const open = (platform: Platform, frames: string[]): Conversation =>
  new Conversation({
    id: "c1",
    isNew: false,
    platform,
    publish: (event) => void frames.push(encodeEvent(event, null)),
    lastId: () => `e-${frames.length}`,
    coalesceMs: 0,
    toolDetails: false,
    logger: pino({ level: "silent" }),
  });

async function view(history: Message[], now: ConversationState = "idle") {
  const { platform, ...script } = createScript(history, now);
  const frames: string[] = [];
  const conversation = open(platform, frames);
  conversation.subscribe();
  await vi.advanceTimersByTimeAsync(0);
  return { conversation, frames, ...script };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test.each<[string, PlatformEvent[]]>([
  [
    "the end of an answer that was joined in the middle",
    [init("responding"), chunk("m1", "ddle"), complete("m1", null)],
  ],
  ["an end that names nothing", [complete(null, null)]],
  ["a message without a text", [saved(null, "m1", null)]],
  ["a message without an id", [saved("assistant", null, "The middle")]],
])("%s is read from the history, though nobody here has asked", async (_name, events) => {
  const history = [message("u1", "user", "Hi?")];
  const { conversation, tell, frames } = await view(history);
  history.push(message("m1", "assistant", "The middle"));
  tell(...events, state("idle"));
  await vi.advanceTimersByTimeAsync(1000);

  expect(frames.filter((frame) => frame.includes('"The middle"'))).toHaveLength(1);
  conversation.close();
});

/** A conversation with one question, which the agent still thinks about. */
async function ask(history: Message[]) {
  const started = await view(history);
  const { conversation, tell } = started;
  const take = async (id: string, content: string): Promise<void> => {
    await conversation.deliver(content, undefined, async () => {
      history.push(message(id, "user", content));
      return { messageId: id, conversationId: "c1" };
    });
  };
  await take("u1", "One?");
  tell(state("thinking"));
  return { ...started, take };
}

test("who comes while a tool runs is told of it, until its result is there", async () => {
  const { conversation, tell } = await ask([]);
  tell(toolUse("m1", "t1"), toolUse("m1", "t2"), toolResult("t1"));
  expect((await conversation.snapshot()).data.tools).toEqual([
    { messageId: "m1", toolUseId: "t2", name: "search" },
  ]);
  tell(toolResult("t2"));
  expect((await conversation.snapshot()).data.tools).toBeUndefined();
  conversation.close();
});

test("the end of a stopped answer, told after the next question was taken, is not the next answer", async () => {
  const history: Message[] = [];
  const { conversation, tell, frames, take } = await ask(history);
  conversation.stop();
  history.push(message("m1", "assistant", "First answer"));
  await take("u2", "Two?");
  tell(chunk("m1", "First answer"), complete("m1", "First answer"));
  tell(state("thinking"), chunk("m2", "Second"), complete("m2", "Second answer"));

  expect(frames.join("")).not.toContain("First answer");
  expect(frames.at(-1)).toContain('"Second answer"');
  const page = await conversation.page({});
  expect(page.messages.map(({ id }) => id)).toEqual(["u1", "u2"]);
  conversation.close();
});

test.each<[string, PlatformEvent[]]>([
  ["nothing", []],
  ["only that it was begun", [init("responding")]],
  ["only chunks after its beginning", [init("responding"), chunk("m1", "answer")]],
])(
  "an answer of which the stream told %s comes before the next question",
  async (_name, events) => {
    const history: Message[] = [];
    const { conversation, tell, frames, take } = await ask(history);
    tell(...events);
    history.push(message("m1", "assistant", "First answer"));
    await take("u2", "Two?");

    const answerAt = frames.findIndex((frame) => frame.includes('"First answer"'));
    const questionAt = frames.findIndex((frame) => frame.includes('"Two?"'));
    expect(answerAt).toBeGreaterThan(0);
    expect(answerAt).toBeLessThan(questionAt);
    conversation.close();
  },
);

test("an answer of which the stream told nothing is shown as soon as the history can be read", async () => {
  const history: Message[] = [];
  const { conversation, frames, take, refuse } = await ask(history);
  history.push(message("m1", "assistant", "First answer"));
  refuse(true);
  await take("u2", "Two?");
  expect(frames.join("")).not.toContain("First answer");

  refuse(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(frames.filter((frame) => frame.includes('"First answer"'))).toHaveLength(1);
  conversation.close();
});

test("an answer that the platform lost is no longer shown when the next question is taken", async () => {
  const history: Message[] = [];
  const { conversation, tell, frames, take } = await ask(history);
  tell(chunk("m1", "Half"));
  await take("u2", "Two?");

  const snapshot = frames.findLast((frame) => frame.includes("conversation:init"));
  expect(snapshot).toContain('"partial":null');
  expect(snapshot).not.toContain("Half");
  conversation.close();
});

test.each([
  ["told in part", [chunk("m1", "Half")]],
  ["not told at all", []],
])(
  "an answer that is %s is taken from the history when it stays the same",
  async (_name, events) => {
    const history: Message[] = [];
    const { conversation, tell, frames } = await ask(history);
    tell(...events);
    history.push(message("m1", "assistant", "Half of it"));
    await vi.advanceTimersByTimeAsync(10_000);
    history[1] = message("m1", "assistant", "Half of it and more");
    await vi.advanceTimersByTimeAsync(25_000);
    expect(frames.join("")).not.toContain("message:complete");
    await vi.advanceTimersByTimeAsync(30_000);

    expect(frames.join("")).toContain('"Half of it and more"');
    expect(conversation.isBusy).toBe(false);
    conversation.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  },
);

const errors = (frames: readonly string[]): string[] =>
  frames.filter((frame) => frame.includes("event: error"));

test.each<[string, PlatformEvent[]]>([
  ["at once", []],
  ["in its middle", [chunk("m1", "Half")]],
])("an answer that fails %s ends in one error, and nothing is awaited", async (_name, events) => {
  const { conversation, tell, frames } = await ask([]);
  tell(...events, { type: "failed" });
  await vi.advanceTimersByTimeAsync(60_000);

  expect(errors(frames)).toEqual([expect.stringContaining('"code":"platform_unavailable"')]);
  expect(conversation.state).toBe("idle");
  expect(conversation.isBusy).toBe(false);
  conversation.close();
});

test("an answer that fails after the visitor has stopped it is no error", async () => {
  const { conversation, tell, frames } = await ask([]);
  tell(chunk("m1", "Half"));
  conversation.stop();
  tell({ type: "failed" });
  await vi.advanceTimersByTimeAsync(60_000);

  expect(errors(frames)).toEqual([]);
  conversation.close();
});

describe("a question that was there before, with an answer under way,", () => {
  async function find() {
    const history = [message("u1", "user", "One?")];
    const started = await view(history, "thinking");
    expect(await started.conversation.snapshot()).toMatchObject({ data: { state: "thinking" } });
    return { ...started, history };
  }

  test("gets the answer that the history brings", async () => {
    const { conversation, frames, history, states } = await find();
    history.push(message("m1", "assistant", "An answer"));
    states.now = "idle";
    await vi.advanceTimersByTimeAsync(10_000);

    expect(frames.filter((frame) => frame.includes('"An answer"'))).toHaveLength(1);
    expect(errors(frames)).toEqual([]);
    expect(conversation.isBusy).toBe(false);
    conversation.close();
  });

  test("is told when the platform has lost it", async () => {
    const { conversation, frames, states } = await find();
    states.now = "idle";
    await vi.advanceTimersByTimeAsync(30_000);

    expect(errors(frames)).toEqual([expect.stringContaining('"code":"answer_lost"')]);
    expect(conversation.isBusy).toBe(false);
    conversation.close();
  });
});

test("a hand-over is told once, and is in every snapshot from then on", async () => {
  const { conversation, tell, frames } = await view([]);
  expect(await conversation.snapshot()).toMatchObject({ data: { status: "active" } });
  tell({ type: "status", status: "escalated" }, { type: "status", status: "escalated" });

  expect(frames.filter((frame) => frame.includes("conversation:status"))).toHaveLength(1);
  expect(await conversation.snapshot()).toMatchObject({ data: { status: "escalated" } });
  conversation.close();
});

test("an answer without a word has failed, unless a person has taken over", async () => {
  const { tell, frames, conversation } = await ask([]);
  tell({ type: "empty" }, state("idle"));

  expect(errors(frames)).toEqual([expect.stringContaining('"code":"platform_unavailable"')]);
  conversation.close();
});

test("a question that is left to a person has no answer, and none is missing", async () => {
  const { conversation, tell, frames } = await ask([]);
  tell({ type: "status", status: "escalated" }, { type: "empty" }, state("idle"));
  await vi.advanceTimersByTimeAsync(60_000);

  expect(errors(frames)).toEqual([]);
  expect(conversation.isBusy).toBe(false);
  conversation.close();
});

describe("a snapshot", () => {
  const chat = (pairs: number): Message[] =>
    Array.from({ length: pairs }, (_, index) => [
      message(`u${index}`, "user", `Question ${index}`),
      message(`a${index}`, "assistant", `Answer ${index}`),
    ]).flat();

  test.each([
    ["an answer", (history: Message[]) => void history.push(...chat(31).slice(2))],
    [
      "a question",
      (history: Message[]) =>
        void history.push(...chat(31).slice(2), message("u31", "user", "And one more?")),
    ],
  ])("has its place behind what came behind the proxy's back, up to %s", async (_name, come) => {
    const history = chat(1);
    const { conversation, frames } = await view(history);
    come(history);
    const { data, at } = await conversation.snapshot();

    expect(data.messages).toEqual(history.slice(-50));
    expect(frames.filter((frame) => frame.includes("message:new"))).toHaveLength(
      history.length - 2,
    );
    expect(at).toBe(`e-${frames.length}`);
    conversation.close();
  });

  test("has its place behind what is being found when it is asked for", async () => {
    const history = chat(1);
    const { conversation, frames } = await view(history);
    history.push(...chat(2).slice(2));
    conversation.nudge();
    const { data, at } = await conversation.snapshot();

    expect(frames).toHaveLength(2);
    expect([data.messages, at]).toEqual([history, "e-2"]);
    conversation.close();
  });

  test("has its place before an answer that ends while its page is under way", async () => {
    const history: Message[] = [];
    const { conversation, tell, frames, onceRead } = await ask(history);
    tell(chunk("m1", "Half"));
    const before = frames.length;
    onceRead(() => {
      history.push(message("m1", "assistant", "Half and more"));
      tell(complete("m1", "Half and more"), state("idle"));
    });
    const { data, at } = await conversation.snapshot();

    expect(data.partial).toEqual({ messageId: "m1", text: "Half" });
    expect(data.messages.map(({ id }) => id)).toEqual(["u1"]);
    expect(at).toBe(`e-${before}`);
    conversation.close();
  });

  test("has its place behind the end of an answer that its page was the first to have", async () => {
    const history: Message[] = [];
    const { conversation, tell, frames, onceRead } = await ask(history);
    tell(chunk(null, "Half"));
    history.push(message("m1", "assistant", "Half and more"));
    onceRead(() => tell(complete("m1", "Half and more"), state("idle")));
    const { data, at } = await conversation.snapshot();

    expect(data).toMatchObject({ messages: history, partial: null });
    expect(at).toBe(`e-${frames.length}`);
    conversation.close();
  });

  test("that is asked for while the first page is under way has what was told meanwhile", async () => {
    const history = [message("u1", "user", "One?")];
    const { platform, tell, onceRead } = createScript(history, "idle");
    const conversation = open(platform, []);
    let snapshot: ReturnType<Conversation["snapshot"]> | undefined;
    onceRead(() => {
      history.push(message("m1", "assistant", "An answer"));
      tell(saved("assistant", "m1", "An answer"));
      snapshot = conversation.snapshot();
    });
    await conversation.prepare();

    expect((await snapshot)?.data.messages).toEqual(history);
    conversation.close();
  });
});

test("an old answer that nobody here was told of is in the page that was asked for", async () => {
  const history = Array.from({ length: 120 }, (_, index) =>
    message(`m${index}`, index % 2 === 0 ? "user" : "assistant", `Message ${index}`),
  );
  const { conversation } = await view(history);
  const page = await conversation.page({ since: "m0", limit: 1 });

  expect(page).toEqual({ messages: [history[1]], hasMore: true });
  conversation.close();
});
