import { describe, expect, test, vi } from "vitest";
import { ProxyError } from "../../../proxy/errors.ts";
import {
  createIdempotency,
  type Claim,
  type ClaimAnswer,
  type IdempotentSend,
} from "../../../proxy/relay/idempotency.ts";
import { createMemoryIdempotency } from "../../../proxy/relay/memory-idempotency.ts";

const HOUR_MS = 3_600_000;

const inMemory = (now?: () => number) => createIdempotency(createMemoryIdempotency<string>(now));

type Run = IdempotentSend<string>["run"];

const send = (run: Run, change: Partial<IdempotentSend<string>> = {}): IdempotentSend<string> => ({
  visitorId: "a_ada",
  key: "key-0001",
  content: "Hi",
  target: null,
  ...change,
  run,
});

const succeed = (result = "m1"): Run => vi.fn(async () => result);
const fail = (error: unknown): Run =>
  vi.fn(async () => {
    throw error;
  });
const attempt = { conversationId: "c1", lastMessageId: "m0" };
const failUnknown = (): Run =>
  vi.fn(async (_earlier, onAttempt) => {
    await onAttempt(attempt);
    throw new ProxyError("send_outcome_unknown");
  });
const busy = new ProxyError("conversation_busy");
const unavailable = new ProxyError("platform_unavailable");

describe("the same key", () => {
  test("with the same message is done once, and answered again", async () => {
    const sendOnce = inMemory();
    const again = succeed("m2");

    expect(await sendOnce(send(succeed("m1")))).toBe("m1");
    expect(await sendOnce(send(again))).toBe("m1");
    expect(again).not.toHaveBeenCalled();
  });

  test("while the first is under way waits for it", async () => {
    const sendOnce = inMemory();
    const { promise, resolve } = Promise.withResolvers<string>();
    const again = succeed("m2");
    const both = [sendOnce(send(() => promise)), sendOnce(send(again))];
    resolve("m1");

    expect(await Promise.all(both)).toEqual(["m1", "m1"]);
    expect(again).not.toHaveBeenCalled();
  });

  test("with another message is refused, also while the first is under way", async () => {
    const sendOnce = inMemory();
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = sendOnce(send(() => promise));
    const other = (): Promise<string> => sendOnce(send(succeed(), { content: "Bye" }));
    const refusal = { code: "idempotency_key_reused", status: 422, field: "Idempotency-Key" };

    await expect(other()).rejects.toMatchObject(refusal);
    resolve("m1");
    await first;
    await expect(other()).rejects.toMatchObject(refusal);
  });

  test("of another visitor is another key", async () => {
    const sendOnce = inMemory();
    await sendOnce(send(succeed("m1")));

    expect(await sendOnce(send(succeed("m2"), { visitorId: "a_bob", content: "Bye" }))).toBe("m2");
  });

  test("is free again after a day, for any message", async () => {
    let now = 0;
    const sendOnce = inMemory(() => now);
    await sendOnce(send(succeed("m1")));
    now = 24 * HOUR_MS - 1;
    expect(await sendOnce(send(succeed("m2")))).toBe("m1");
    now = 24 * HOUR_MS;

    expect(await sendOnce(send(succeed("m3"), { content: "Bye" }))).toBe("m3");
  });
});

describe("after a failure", () => {
  test("that is definite the key may try again, with any message", async () => {
    const sendOnce = inMemory();
    await expect(sendOnce(send(fail(busy)))).rejects.toBe(busy);
    const again = succeed("m2");

    expect(await sendOnce(send(again, { content: "Bye" }))).toBe("m2");
    expect(again).toHaveBeenCalledWith(null, expect.any(Function));
  });

  test("both callers that shared the try get it", async () => {
    const sendOnce = inMemory();
    const both = await Promise.allSettled([sendOnce(send(fail(busy))), sendOnce(send(succeed()))]);

    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });

  test("with an unknown outcome the next try is told where to look first", async () => {
    const sendOnce = inMemory();
    await expect(sendOnce(send(failUnknown()))).rejects.toThrow();
    const again = succeed("m1");

    expect(await sendOnce(send(again))).toBe("m1");
    expect(again).toHaveBeenCalledWith(attempt, expect.any(Function));
    expect(await sendOnce(send(succeed("m2")))).toBe("m1");
  });

  test("with an unknown outcome the key is still bound to its message", async () => {
    const sendOnce = inMemory();
    await expect(sendOnce(send(failUnknown()))).rejects.toThrow();

    await expect(sendOnce(send(succeed(), { content: "Bye" }))).rejects.toMatchObject({
      code: "idempotency_key_reused",
    });
  });

  test("with an unknown outcome two tries at the same time share one look", async () => {
    const sendOnce = inMemory();
    await expect(sendOnce(send(failUnknown()))).rejects.toThrow();
    const [first, second] = [succeed("m1"), succeed("m2")];

    expect(await Promise.all([sendOnce(send(first)), sendOnce(send(second))])).toEqual([
      "m1",
      "m1",
    ]);
    expect(second).not.toHaveBeenCalled();
  });

  test("of the look itself the first try's outcome stays unknown", async () => {
    const sendOnce = inMemory();
    await expect(sendOnce(send(failUnknown()))).rejects.toThrow();
    await expect(sendOnce(send(fail(unavailable)))).rejects.toBe(unavailable);
    const third = succeed("m1");
    await sendOnce(send(third));

    expect(third).toHaveBeenCalledWith(attempt, expect.any(Function));
  });

  test("because the conversation is not there, nothing can have arrived in it", async () => {
    const sendOnce = inMemory();
    const missing = new ProxyError("conversation_not_found");
    await expect(sendOnce(send(failUnknown()))).rejects.toThrow();
    await expect(sendOnce(send(fail(missing)))).rejects.toBe(missing);
    const third = succeed("m1");
    await sendOnce(send(third));

    expect(third).toHaveBeenCalledWith(null, expect.any(Function));
  });

  test("with an unknown outcome that is a day old it is a new message", async () => {
    let now = 0;
    const sendOnce = inMemory(() => now);
    await expect(sendOnce(send(failUnknown()))).rejects.toThrow();
    now = 24 * HOUR_MS;
    const later = succeed("m2");
    await sendOnce(send(later, { content: "Bye" }));

    expect(later).toHaveBeenCalledWith(null, expect.any(Function));
  });
});

test("at most fifty thousand keys are kept, the newest ones", async () => {
  const sendOnce = inMemory();
  for (let number = 0; number <= 50_000; number += 1)
    await sendOnce(send(async () => "m1", { key: `key-${number}` }));
  const [oldest, newest] = [succeed("m2"), succeed("m2")];

  expect(await sendOnce(send(oldest, { key: "key-0" }))).toBe("m2");
  expect(await sendOnce(send(newest, { key: "key-50000" }))).toBe("m1");
});

describe("with other processes", () => {
  const claim: Claim<string> = {
    earlier: null,
    remember: async () => undefined,
    release: async () => undefined,
    suspend: async () => undefined,
    complete: async () => undefined,
  };

  /** A store that gives these answers, one after the other. */
  function answering(...answers: Array<ClaimAnswer<string>>) {
    const store = {
      claim: vi.fn(async () => answers.shift() ?? { status: "reused" as const }),
      close: async () => undefined,
    };
    return { store, sendOnce: createIdempotency(store) };
  }

  test("a send that another one does is waited for, by all at once", async () => {
    vi.useFakeTimers();
    const { store, sendOnce } = answering(
      { status: "running" },
      { status: "running" },
      { status: "done", result: "m1" },
    );
    const [first, second] = [succeed("m2"), succeed("m3")];
    const both = Promise.all([sendOnce(send(first)), sendOnce(send(second))]);
    await vi.runAllTimersAsync();
    vi.useRealTimers();

    expect(await both).toEqual(["m1", "m1"]);
    expect(store.claim).toHaveBeenCalledTimes(3);
    expect(first).not.toHaveBeenCalled();
  });

  test("what another one has left unfinished is taken over", async () => {
    const { sendOnce } = answering({ status: "claimed", claim: { ...claim, earlier: attempt } });
    const run = succeed("m1");

    expect(await sendOnce(send(run))).toBe("m1");
    expect(run).toHaveBeenCalledWith(attempt, expect.any(Function));
  });

  test("nothing is tried that can't be remembered, and the key is free again", async () => {
    const away = new ProxyError("service_unavailable");
    const release = vi.fn(async () => undefined);
    const remember = vi.fn(() => Promise.reject(away));
    const { sendOnce } = answering({ status: "claimed", claim: { ...claim, release, remember } });
    const reach = vi.fn();
    const run: Run = async (_earlier, onAttempt) => {
      await onAttempt(attempt);
      reach();
      return "m1";
    };

    await expect(sendOnce(send(run))).rejects.toBe(away);
    expect(reach).not.toHaveBeenCalled();
    expect(release).toHaveBeenCalledTimes(1);
  });

  test("a result is kept before anybody is told of it", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const kept: ClaimAnswer<string> = {
      status: "claimed",
      claim: { ...claim, complete: () => promise },
    };
    let isTold = false;
    const sent = answering(kept)
      .sendOnce(send(succeed("m1")))
      .then(() => (isTold = true));
    await new Promise((done) => setImmediate(done));
    expect(isTold).toBe(false);
    resolve();
    await sent;
  });
});
