import { afterEach, describe, expect, it, vi } from "vitest";
import type { MessagesResponse, StatusResponse } from "../../../proxy/protocol.ts";
import { emptyTranscript, type Transcript } from "../../../widget/state/transcript.ts";
import { ChatError } from "../../../widget/transport/errors.ts";
import { poll } from "../../../widget/transport/poll.ts";
import { agent, apply, texts, user } from "./events.ts";

const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
afterEach(() => void warn.mockClear());

const MINUTE = 60_000;
type Look = { state?: StatusResponse["state"]; messages: MessagesResponse["messages"] };

/** Polls a proxy that answers look by look; the last one stays. Time passes by waiting alone. */
function start(looks: Look[], options: { round?: number; isHeldBack?: boolean } = {}) {
  const scope = new AbortController();
  const asked: string[] = [];
  const waits: number[] = [];
  const states: string[] = [];
  let transcript: Transcript = emptyTranscript;
  let sent = new AbortController();
  let time = 0;
  let onWait = (_signal: AbortSignal): void => undefined;
  const get = async (path: string) => {
    asked.push(path);
    const look = looks[Math.min(Math.floor((asked.length - 1) / 2), looks.length - 1)];
    const status: StatusResponse = { active: false, state: look?.state ?? null, status: "active" };
    const page: MessagesResponse = { messages: look?.messages ?? [], hasMore: false };
    return path === "status" ? status : page;
  };
  const ended = poll({
    get: get as Parameters<typeof poll>[0]["get"],
    onSent: () => sent.signal,
    listener: {
      onEvent: (event) => void (transcript = apply(transcript, event)),
      onConnection: (state) => void states.push(state),
    },
    signal: scope.signal,
    isHeldBack: options.isHeldBack ?? false,
    round: options.round ?? 0,
    now: () => time,
    async wait(milliseconds, signal) {
      waits.push(milliseconds);
      time += milliseconds;
      onWait(signal);
    },
  });
  return {
    asked,
    ended,
    scope,
    send() {
      sent.abort();
      sent = new AbortController();
    },
    states,
    texts: () => texts(transcript),
    transcript: () => transcript,
    time: () => time,
    waits,
    onWait: (listener: typeof onWait) => void (onWait = listener),
  };
}

describe("polling", () => {
  it("begins with what is there, then asks for what came since", async () => {
    const polled = start([
      { messages: [user("u1")], state: "thinking" },
      { messages: [], state: "responding" },
      { messages: [agent("a1")] },
      { messages: [] },
    ]);
    await polled.ended;
    expect(polled.asked.slice(0, 8)).toEqual([
      "status",
      "messages?limit=30",
      "status",
      "messages?since=u1",
      "status",
      "messages?since=u1",
      "status",
      "messages?since=a1",
    ]);
    expect(polled.texts()).toEqual(["u1", "a1"]);
    expect(polled.transcript().state).toBe("idle");
    expect(new Set(polled.states)).toEqual(new Set(["live"]));
  });

  it("shows what the agent does", async () => {
    const polled = start([{ messages: [user("u1")], state: "thinking" }]);
    polled.onWait(() => polled.scope.abort());
    await polled.ended;
    expect(polled.transcript().state).toBe("thinking");
  });

  it("looks often while something happens, seldom while nothing does, and at once after a send", async () => {
    const looks: Look[] = [
      { messages: [user("u1")], state: "thinking" },
      { messages: [agent("a1")] },
      { messages: [] },
    ];
    const polled = start(looks, { round: 2 });
    polled.onWait((signal) => {
      if (polled.waits.length !== 10) return;
      polled.send();
      expect(signal.aborted).toBe(true);
    });
    await polled.ended;
    expect(polled.waits.slice(0, 2)).toEqual([1500, 1500]);
    expect(polled.waits.slice(2, 10)).toEqual(polled.waits.slice(2, 10).toSorted((a, b) => a - b));
    expect(Math.max(...polled.waits)).toBe(10_000);
    expect(polled.waits[10]).toBeLessThan(3000);
  });

  it.each([
    [0, MINUTE],
    [2, 4 * MINUTE],
    [9, 16 * MINUTE],
  ])("lets the stream be tried again after a while: in round %i", async (round, patience) => {
    const polled = start([{ messages: [agent("a1")] }, { messages: [] }], { round });
    await polled.ended;
    expect(polled.time()).toBeGreaterThan(patience);
    expect(polled.time()).toBeLessThanOrEqual(patience + 10_000);
  });

  it("goes on while an answer is written", async () => {
    const thinking: Look = { messages: [], state: "thinking" };
    const looks = [...Array.from({ length: 200 }, () => thinking), { messages: [agent("a1")] }];
    const polled = start([...looks, { messages: [] }]);
    await polled.ended;
    expect(polled.texts()).toEqual(["a1"]);
  });

  it("ends when it is aborted", async () => {
    const polled = start([{ messages: [] }]);
    polled.onWait(() => polled.scope.abort());
    await polled.ended;
    expect(polled.asked).toHaveLength(2);
  });

  it("rejects when the proxy does not answer", async () => {
    const error = new ChatError({ code: "network", message: "", retryable: true });
    const ended = poll({
      get: () => Promise.reject(error),
      onSent: () => new AbortController().signal,
      listener: { onEvent: () => undefined, onConnection: () => undefined },
      signal: new AbortController().signal,
      isHeldBack: true,
      round: 0,
    });
    await expect(ended).rejects.toBe(error);
    expect(warn).not.toHaveBeenCalled();
  });

  it("tells the page's author once that the stream is held back, and what to change", async () => {
    await start([{ messages: [] }], { isHeldBack: false }).ended;
    await import("../../../widget/explain.ts");
    expect(warn).not.toHaveBeenCalled();
    await start([{ messages: [] }], { isHeldBack: true }).ended;
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    await start([{ messages: [] }], { isHeldBack: true }).ended;
    // What polls imports it, too, before it prints.
    await import("../../../widget/explain.ts");
    expect(warn.mock.calls.flat()).toEqual([expect.stringContaining("proxy_buffering off")]);
  });
});
