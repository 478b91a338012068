import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ProxyError } from "../../../proxy/errors.ts";
import { PlatformError } from "../../../proxy/platforms/platform.ts";
import { CallError, type Calls } from "../../../proxy/redis/calls.ts";
import type { RedisConnection } from "../../../proxy/redis/connection.ts";
import { createRouting, type Ask, type Place } from "../../../proxy/redis/routing.ts";
import type { Conversation } from "../../../proxy/relay/conversation.ts";

const CONVERSATION = {} as Conversation;

// Waiting follows the clock of the test.
vi.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number) =>
    new Promise((resolve) => void setTimeout(resolve, milliseconds)),
}));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** `here` has the lease, another instance's token has it, nobody has it, or Redis does not say. */
type Who = "here" | "nobody" | "no answer" | `${string}:${number}`;

/** A conversation that changes hands from one look to the next; the last one stays. */
function open(...whos: Who[]) {
  let now: Who = "nobody";
  let isOccupied = false;
  const look = async (): Promise<Conversation | null> => {
    now = whos.shift() ?? now;
    if (now === "no answer") throw new Error("a command timed out");
    return now === "here" ? CONVERSATION : null;
  };
  const place: Place = {
    id: "c1",
    get holder() {
      return now.includes(":") ? now : null;
    },
    acquire: look,
    renew: look,
    async occupy(work) {
      isOccupied = true;
      return work().finally(() => (isOccupied = false));
    },
  };
  const call = vi.fn<Calls["call"]>(async () => "there");
  const state = { isUp: true, isClosing: false };
  const ask = createRouting({
    redis: { isUp: () => state.isUp } as RedisConnection,
    calls: { call, close: () => undefined },
    isClosing: () => state.isClosing,
  });
  const here = vi.fn<Parameters<Ask>[1]>(async () => "here");
  const run = (): Promise<unknown> => ask(place, here, (toHolder) => toHolder("stop"));
  return { run, here, call, state, isOccupied: () => isOccupied };
}

/** Settles it, however long it would wait. */
async function settle(asked: Promise<unknown>): Promise<unknown> {
  const outcome = asked.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(60_000);
  return outcome;
}

describe("what is asked of a conversation", () => {
  test("is done here by whoever has the lease", async () => {
    const { run, here, call } = open("here");
    expect(await run()).toBe("here");
    expect(here).toHaveBeenCalledExactlyOnceWith(CONVERSATION);
    expect(call).not.toHaveBeenCalled();
  });

  test("is asked of the instance that has it", async () => {
    const { run, call } = open("b:7");
    expect(await run()).toBe("there");
    const asked = { method: "stop", conversationId: "c1", params: null };
    expect(call).toHaveBeenCalledExactlyOnceWith("b", asked, expect.any(Function));
  });

  test.each<[string, Who, boolean]>([
    ["is answered by the lease it was asked under", "b:7", true],
    ["may be lost when its instance has a new lease", "b:8", false],
    ["may be lost when another one has it", "c:8", false],
    ["may be lost when nobody has it", "nobody", false],
  ])("%s", async (_name, later, isAlive) => {
    const { run, call } = open("b:7", later);
    await run();
    expect(await call.mock.calls[0]?.[2]()).toBe(isAlive);
  });

  test.each<[string, Who[]]>([
    ["waits for a lease that nobody has", ["nobody", "nobody", "here"]],
    ["waits for a Redis that does not answer", ["no answer", "here"]],
  ])("%s", async (_name, whos) => {
    const { run } = open(...whos);
    expect(await settle(run())).toBe("here");
  });

  test.each([
    ["was not delivered", new CallError("undelivered")],
    ["may be lost", new CallError("lost")],
    ["was refused by an instance that ends", new ProxyError("shutting_down")],
  ])("is asked again when a call %s", async (_name, error) => {
    const { run, call } = open("b:7", "c:8");
    call.mockRejectedValueOnce(error);
    expect(await settle(run())).toBe("there");
    expect(call.mock.calls.map(([to]) => to)).toEqual(["b", "c"]);
  });

  test.each([
    ["a refusal", new ProxyError("conversation_busy")],
    ["a failure of the platform", new PlatformError("unknown", "no answer")],
    ["a bug, after which it may have been done", new TypeError("undefined is not a function")],
  ])("is not done a second time after %s", async (_name, error) => {
    const { run, here } = open("here");
    here.mockRejectedValue(error);
    expect(await settle(run())).toBe(error);
    expect(here).toHaveBeenCalledOnce();
  });
});

describe("what nobody can do", () => {
  test("is refused while Redis is away", async () => {
    const { run, state } = open("no answer");
    state.isUp = false;
    expect(await settle(run())).toMatchObject({ code: "service_unavailable" });
  });

  test("is refused after half a minute, and occupies the conversation no longer", async () => {
    const { run, isOccupied } = open("nobody");
    const asked = run().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(isOccupied()).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await asked).toMatchObject({ code: "service_unavailable", retryAfter: 5 });
    expect(isOccupied()).toBe(false);
  });

  test("is refused at once by an instance that ends", async () => {
    const { run, state } = open("nobody");
    state.isClosing = true;
    await expect(run()).rejects.toMatchObject({ code: "shutting_down" });
  });
});
