import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createLimits, type RequestLimits } from "../../../proxy/middleware/limits.ts";

const GENEROUS = {
  limitSessionsPerAddress: 100,
  limitMessagesPerAddress: 100,
  limitMessagesPerVisitor: 100,
  limitMessagesPerConversation: 100,
  limitReadsPerAddress: 1000,
  limitReadsPerVisitor: 1000,
  limitMessagesPerDay: 100,
  limitStreamsPerVisitor: 100,
  limitStreamsPerAddress: 100,
  limitStreams: 100,
  limitMessageCharacters: 100,
  limitBodyBytes: 100,
};

const ada = { address: "192.0.2.1", visitorId: "a_ada" };
const bob = { address: "192.0.2.2", visitorId: "a_bob" };
const adaElsewhere = { ...ada, address: bob.address };
const bobBesideAda = { ...bob, address: ada.address };

const codeOf = async (run: () => Promise<void>): Promise<unknown> =>
  run().then(
    () => null,
    (error: { code?: unknown }) => error.code,
  );

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("counts within a time", () => {
  test("sessions are limited for each address", async () => {
    const limits = createLimits({ ...GENEROUS, limitSessionsPerAddress: 2 });
    await limits.session(ada.address);
    await limits.session(ada.address);

    expect(await codeOf(() => limits.session(ada.address))).toBe("too_many_requests");
    expect(await codeOf(() => limits.session(bob.address))).toBeNull();
  });

  test.each([
    ["limitMessagesPerAddress", bobBesideAda, adaElsewhere, "too_many_requests"],
    ["limitMessagesPerVisitor", adaElsewhere, bobBesideAda, "too_many_requests"],
    ["limitMessagesPerDay", bob, null, "daily_limit_reached"],
  ] as const)("%s refuses the one that shares it", async (name, refused, accepted, code) => {
    const limits = createLimits({ ...GENEROUS, [name]: 1 });
    await limits.message(ada);

    expect(await codeOf(() => limits.message(refused))).toBe(code);
    if (accepted) expect(await codeOf(() => limits.message(accepted))).toBeNull();
  });

  test("a refusal tells the seconds to wait, and after them it is over", async () => {
    const limits = createLimits({ ...GENEROUS, limitMessagesPerVisitor: 1 });
    await limits.message(ada);
    await vi.advanceTimersByTimeAsync(40_000);

    await expect(limits.message(ada)).rejects.toMatchObject({ status: 429, retryAfter: 20 });
    await vi.advanceTimersByTimeAsync(20_000);
    await expect(limits.message(ada)).resolves.toBeUndefined();
  });

  test("the day's limit is for a day", async () => {
    const limits = createLimits({ ...GENEROUS, limitMessagesPerDay: 1 });
    await limits.message(ada);
    await vi.advanceTimersByTimeAsync(3_600_000);

    await expect(limits.message(ada)).rejects.toMatchObject({ retryAfter: 23 * 3600 });
  });

  test("a full conversation is refused without a time to wait: it stays full", async () => {
    const limits = createLimits({ ...GENEROUS, limitMessagesPerConversation: 1 });
    await limits.conversation("c1");

    await expect(limits.conversation("c1")).rejects.toMatchObject({
      code: "conversation_full",
      retryable: false,
      retryAfter: undefined,
    });
    expect(await codeOf(() => limits.conversation("c2"))).toBeNull();
  });

  test("ten wrong admin tokens a minute are allowed to an address", async () => {
    const limits = createLimits(GENEROUS);
    for (let index = 0; index < 10; index += 1) await limits.adminTry(ada.address);

    expect(await codeOf(() => limits.adminTry(ada.address))).toBe("too_many_requests");
    expect(await codeOf(() => limits.adminTry(bob.address))).toBeNull();
  });
});

describe("open streams", () => {
  const isRefused = async (limits: RequestLimits, from: typeof ada): Promise<boolean> => {
    try {
      const giveBack = await limits.stream(from);
      giveBack();
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: "too_many_streams", status: 429, retryAfter: 10 });
      return true;
    }
  };

  test.each([
    ["limitStreamsPerVisitor", adaElsewhere, bobBesideAda],
    ["limitStreamsPerAddress", bobBesideAda, adaElsewhere],
    ["limitStreams", bob, null],
  ] as const)("%s refuses the one that shares it", async (name, refused, accepted) => {
    const limits = createLimits({ ...GENEROUS, [name]: 1 });
    await limits.stream(ada);

    expect(await isRefused(limits, refused)).toBe(true);
    if (accepted) expect(await isRefused(limits, accepted)).toBe(false);
  });

  test("a place is given back once, however often it is returned", async () => {
    const limits = createLimits({ ...GENEROUS, limitStreamsPerVisitor: 2 });
    const giveBack = await limits.stream(ada);
    await limits.stream(ada);
    expect(await isRefused(limits, ada)).toBe(true);

    giveBack();
    giveBack();
    await limits.stream(ada);
    expect(await isRefused(limits, ada)).toBe(true);
  });

  test("a refused stream takes no place", async () => {
    const limits = createLimits({ ...GENEROUS, limitStreamsPerVisitor: 1, limitStreams: 2 });
    await limits.stream(ada);
    expect(await isRefused(limits, ada)).toBe(true);

    expect(await isRefused(limits, bob)).toBe(false);
  });
});
