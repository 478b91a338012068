import { describe, expect, test, vi } from "vitest";
import { createManager } from "../../../../widget/manage/state/manager.ts";
import type { Owner } from "../../../../widget/manage/transport/owner.ts";
import { ChatError } from "../../../../widget/transport/errors.ts";

const NOW = "2026-03-01T12:00:00.000Z";
const refusal = (code: ChatError["code"], retryable = false) =>
  new ChatError({ code, message: "", retryable });

/** The talk with an agent whose answers a test writes. */
function start() {
  const encoder = new TextEncoder();
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  let conversations = 0;
  const owner = {
    open: vi.fn<Owner["open"]>(async () => `c${(conversations += 1)}`),
    tell: vi.fn<Owner["tell"]>(async (_conversation, _message, signal) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          stream = controller;
          signal.addEventListener("abort", () => controller.error(signal.reason));
        },
      });
      return new Response(body);
    }),
  };
  const onAnswered = vi.fn<() => void>();
  const manager = createManager(owner, { onAnswered, now: () => new Date(NOW) });
  const write = (data: string): void => stream?.enqueue(encoder.encode(`data: ${data}\n\n`));
  return {
    manager,
    owner,
    onAnswered,
    entries: () =>
      manager.transcript.value.entries.map(({ role, content }) => `${role}: ${content}`),
    last: () => manager.transcript.value.entries.at(-1),
    piece: (text: string) => write(JSON.stringify({ type: "delta", text })),
    done: () => (write("[DONE]"), stream?.close()),
    cut: () => stream?.error(new Error("reset")),
    state: () => manager.transcript.value.state,
    until: (check: () => void) => vi.waitFor(check),
  };
}

describe("a message to the configuration agent", () => {
  test("is there at once, and its answer grows in place until it is whole", async () => {
    const { manager, entries, last, piece, done, state, until, onAnswered } = start();
    const sent = manager.send("Set our name to Acme");
    expect(entries()).toEqual(["user: Set our name to Acme"]);
    expect([state(), last()?.delivery]).toEqual(["thinking", "sending"]);
    await until(() => expect(last()?.delivery).toBeUndefined());
    piece("Do");
    await until(() => expect(last()).toMatchObject({ content: "Do", isStreaming: true }));
    const { uid } = last() ?? {};
    piece("ne.");
    done();
    await sent;
    expect(last()).toMatchObject({ uid, content: "Done.", created_at: NOW, isStreaming: false });
    expect([state(), manager.transcript.value.failure]).toEqual(["idle", undefined]);
    expect(onAnswered).toHaveBeenCalledOnce();
  });

  test("goes into the conversation of the ones before it", async () => {
    const { manager, owner, done, until } = start();
    for (const text of ["One", "Two"]) {
      const sent = manager.send(text);
      await until(() => expect(owner.tell.mock.lastCall?.[1]).toBe(text));
      done();
      await sent;
    }
    expect(owner.open).toHaveBeenCalledOnce();
    expect(owner.tell.mock.calls.map(([conversation]) => conversation)).toEqual(["c1", "c1"]);
  });

  test("that was not sent says why, and can be sent again", async () => {
    const { manager, owner, entries, last, piece, done, until, onAnswered } = start();
    owner.tell.mockRejectedValueOnce(refusal("platform_unavailable", true));
    await manager.send("Hello");
    expect(last()).toMatchObject({
      delivery: "failed",
      failure: { code: "platform_unavailable", retryable: true },
    });
    expect(onAnswered).not.toHaveBeenCalled();
    const again = manager.retry(last()?.uid ?? "");
    await until(() => expect(owner.tell).toHaveBeenCalledTimes(2));
    piece("Hi");
    done();
    await again;
    expect(entries()).toEqual(["user: Hello", "assistant: Hi"]);
  });

  test.each(["conversation_full", "conversation_not_found"] as const)(
    "after %s goes into a new conversation",
    async (code) => {
      const { manager, owner, done, until } = start();
      owner.tell.mockRejectedValueOnce(refusal(code));
      await manager.send("Hello");
      const sent = manager.send("Again");
      await until(() => expect(owner.tell.mock.lastCall?.[0]).toBe("c2"));
      done();
      await sent;
    },
  );
});

describe("an answer", () => {
  test("that breaks off keeps what came, and says so", async () => {
    const { manager, entries, piece, cut, last, until, onAnswered } = start();
    const sent = manager.send("Hello");
    await until(() => expect(last()?.delivery).toBeUndefined());
    piece("Half");
    await until(() => expect(last()?.content).toBe("Half"));
    cut();
    await sent;
    expect(entries()).toEqual(["user: Hello", "assistant: Half"]);
    expect(manager.transcript.value).toMatchObject({
      state: "idle",
      failure: { code: "answer_lost" },
    });
    // What it was about may be done.
    expect(onAnswered).toHaveBeenCalledOnce();
  });

  test("that is stopped ends where it was, which is no failure", async () => {
    const { manager, owner, piece, last, until } = start();
    const sent = manager.send("Hello");
    await until(() => expect(last()?.delivery).toBeUndefined());
    piece("Half");
    await until(() => expect(last()?.content).toBe("Half"));
    manager.stop();
    await sent;
    expect(owner.tell.mock.lastCall?.[2].aborted).toBe(true);
    expect(last()).toMatchObject({ content: "Half", wasStopped: true, isStreaming: false });
    expect(manager.transcript.value).toMatchObject({ state: "idle", failure: undefined });
  });

  test("of a talk that was begun anew is not shown in the new one", async () => {
    const { manager, owner, entries, piece, done, last, until } = start();
    const first = manager.send("Hello");
    await until(() => expect(last()?.delivery).toBeUndefined());
    piece("Half");
    await until(() => expect(last()?.content).toBe("Half"));
    manager.startNew();
    const second = manager.send("Something else");
    await first;
    await until(() => expect(owner.tell.mock.lastCall?.[0]).toBe("c2"));
    piece("Yes");
    done();
    await second;
    expect(entries()).toEqual(["user: Something else", "assistant: Yes"]);
  });
});
