import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ConversationEvent } from "../../../proxy/protocol.ts";
import { ChatError, toChatError } from "../../../widget/transport/errors.ts";
import { follow, type Listener, type Poll } from "../../../widget/transport/follow.ts";
import { startServer } from "./http-server.ts";

/** The machine may be slow. */
const until = (check: () => void) => vi.waitFor(check, 10_000);

const refusal = (code: string, retryable: boolean) =>
  `event: connected\ndata: {}\n\nevent: error\ndata: ${JSON.stringify({ code, message: "why", retryable })}\n\n`;
const state = (id: string, name: string) =>
  `id: ${id}\nevent: conversation:state\ndata: {"state":"${name}"}\n\n`;

type Connection = (response: ServerResponse, request: IncomingMessage) => void;

function stream(response: ServerResponse, text: string): ServerResponse {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write(text);
  return response;
}

const problem =
  (status: number, body: object, headers = {}): Connection =>
  (response) => {
    response.writeHead(status, { "Content-Type": "application/problem+json", ...headers });
    response.end(JSON.stringify({ detail: "why", ...body }));
  };

/** Follows a server that answers one connection after the other as `connections` say. */
async function start(
  connections: Connection[],
  options: {
    listener?: Partial<Listener>;
    stall?: number;
    early?: number;
    lastEventId?: string;
    poll?: Poll;
  } = {},
) {
  const lastEventIds: (string | undefined)[] = [];
  const events: ConversationEvent[] = [];
  const states: string[] = [];
  const waits: number[] = [];
  const scope = new AbortController();
  onTestFinished(() => scope.abort());
  const base = await startServer((request, response) => {
    lastEventIds.push(request.headers["last-event-id"]?.toString());
    const connection = connections[lastEventIds.length - 1];
    if (connection) connection(response, request);
    else stream(response, ": nothing more\n\n");
  });
  const ended = follow({
    async connect(lastEventId, signal) {
      const headers = lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId };
      const response = await fetch(base, { headers, signal });
      if (!response.ok) throw await toChatError(response, "network");
      return response;
    },
    listener: {
      onEvent: (event) => void events.push(event),
      onConnection: (state) => void (state === states.at(-1) || states.push(state)),
      ...options.listener,
    },
    signal: scope.signal,
    random: () => 1,
    wait: async (milliseconds) => void waits.push(milliseconds),
    ...(options.stall && { stall: options.stall, early: options.stall }),
    ...(options.early && { early: options.early }),
    ...(options.poll && { poll: options.poll }),
    lastEventId: options.lastEventId,
  });
  ended.catch(() => undefined);
  return { ended, events, lastEventIds, scope, states, waits };
}

describe("following a stream", () => {
  it("gives the events in order", async () => {
    const { events } = await start([
      (response) => stream(response, state("e-1", "thinking") + state("e-2", "idle")),
    ]);
    await until(() => expect(events).toHaveLength(2));
    expect(events).toEqual([
      { event: "conversation:state", data: { state: "thinking" } },
      { event: "conversation:state", data: { state: "idle" } },
    ]);
  });

  it("resumes after the last event when the connection is cut", async () => {
    const { events, lastEventIds, states } = await start([
      (response) => stream(response, state("e-1", "thinking")).end(),
      (response) => stream(response, state("e-2", "idle")),
    ]);
    await until(() => expect(events).toHaveLength(2));
    expect(lastEventIds).toEqual([undefined, "e-1"]);
    expect(states).toEqual(["live", "lost", "live"]);
  });

  it("begins after an event that is known already, and tells the id of each", async () => {
    const ids: string[] = [];
    const { lastEventIds } = await start(
      [(response) => stream(response, `event: connected\ndata: {}\n\n${state("e-8", "idle")}`)],
      { lastEventId: "e-7", listener: { onEvent: (_, id) => void ids.push(id) } },
    );
    await until(() => expect(ids).toEqual(["", "e-8"]));
    expect(lastEventIds).toEqual(["e-7"]);
  });

  it("is told to be live with every heartbeat", async () => {
    const onConnection = vi.fn();
    await start(
      [
        (response) => {
          stream(response, state("e-1", "thinking"));
          const beat = setInterval(() => response.write(":\n\n"), 20);
          response.on("close", () => clearInterval(beat));
        },
      ],
      { listener: { onConnection } },
    );
    await until(() => expect(onConnection.mock.calls.length).toBeGreaterThan(3));
    expect(new Set(onConnection.mock.calls.flat())).toEqual(new Set(["live"]));
  });

  it("does not take an event that was cut in the middle for one", async () => {
    const { events, lastEventIds } = await start([
      (response) => stream(response, `${state("e-1", "thinking")}id: e-2\ndata: {"st`).end(),
      (response) => stream(response, state("e-2", "idle")),
    ]);
    await until(() => expect(events).toHaveLength(2));
    expect(lastEventIds).toEqual([undefined, "e-1"]);
  });

  it("asks for a snapshot after a gap, and gives nothing of the rest", async () => {
    const seen: string[] = [];
    const onEvent: Listener["onEvent"] = ({ data }) => {
      seen.push(JSON.stringify(data));
      return seen.length === 2 ? "gap" : undefined;
    };
    const { lastEventIds } = await start(
      [
        (response) => stream(response, state("e-1", "a") + state("e-2", "b") + state("e-3", "c")),
        (response) => stream(response, state("e-3", "d")),
      ],
      { listener: { onEvent } },
    );
    await until(() => expect(lastEventIds).toHaveLength(2));
    await until(() => expect(seen).toHaveLength(3));
    expect(lastEventIds).toEqual([undefined, undefined]);
    expect(seen.at(-1)).toBe('{"state":"d"}');
  });

  it("backs off while nothing comes, doubling up to 30 s more, and starts over after an event", async () => {
    const fail = problem(503, { code: "platform_unavailable", retryable: true });
    const { waits, events } = await start([
      ...Array.from({ length: 7 }, () => fail),
      (response) => stream(response, state("e-1", "idle")).end(),
    ]);
    await until(() => expect(events).toHaveLength(1));
    await until(() => expect(waits).toHaveLength(8));
    expect(waits).toEqual([2000, 3000, 5000, 9000, 17_000, 31_000, 31_000, 2000]);
  });

  it("backs off while the stream opens and is refused each time", async () => {
    const refuse: Connection = (response) =>
      stream(response, refusal("platform_unavailable", true)).end();
    const { waits } = await start([refuse, refuse, refuse]);
    await until(() => expect(waits).toHaveLength(3));
    expect(waits).toEqual([2000, 3000, 5000]);
  });

  it("starts its waits from the server's retry hint", async () => {
    const { waits } = await start([
      (response) => stream(response, `retry: 250\n\n`).end(),
      problem(502, { code: "platform_unavailable", retryable: true }),
    ]);
    await until(() => expect(waits).toHaveLength(2));
    expect(waits).toEqual([500, 750]);
  });

  it.each([
    ["7", 7000],
    ["0", 2000],
  ])("waits as long as Retry-After %s says, and is never hasty", async (seconds, milliseconds) => {
    const { waits } = await start([
      problem(429, { code: "too_many_streams", retryable: true }, { "Retry-After": seconds }),
    ]);
    await until(() => expect(waits).toEqual([milliseconds]));
  });

  it("leaves a connection that has gone silent, and keeps one that has a heartbeat", async () => {
    const { lastEventIds, states } = await start(
      [
        (response) => {
          stream(response, state("e-1", "thinking"));
          const beat = setInterval(() => response.write(":\n\n"), 30);
          setTimeout(() => clearInterval(beat), 300);
        },
      ],
      { stall: 150 },
    );
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(lastEventIds).toHaveLength(1);
    await until(() => expect(lastEventIds).toEqual([undefined, "e-1"]));
    expect(states.slice(0, 2)).toEqual(["live", "lost"]);
  });

  it("starts no timer for each piece: a phone has better things to do", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    onTestFinished(() => timers.mockRestore());
    const { events } = await start([
      async (response) => {
        for (let index = 0; index < 50; index += 1) {
          response.write(state(`e-${index}`, "thinking"));
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      },
    ]);
    await until(() => expect(events).toHaveLength(50));
    const ofSilence = timers.mock.calls.filter(([, milliseconds = 0]) => milliseconds > 5000);
    expect(ofSilence.length).toBeLessThan(5);
  });

  it.each([
    [404, "conversation_not_found"],
    [403, "origin_not_allowed"],
    [401, "token_invalid"],
  ])("gives up on %d %s", async (status, code) => {
    const { ended, waits } = await start([problem(status, { code, retryable: false })]);
    await expect(ended).rejects.toMatchObject({ code, message: "why" });
    expect(waits).toEqual([]);
  });

  it("goes on after a 404 that is not the proxy's", async () => {
    const { events } = await start([
      (response) => response.writeHead(404).end("<h1>Not found</h1>"),
      (response) => stream(response, state("e-1", "idle")),
    ]);
    await until(() => expect(events).toHaveLength(1));
  });

  it("gives up on a refusal that comes in the stream, and gives it to nobody as an event", async () => {
    const { ended, events, waits } = await start([
      (response) => stream(response, refusal("conversation_not_found", false)).end(),
    ]);
    await expect(ended).rejects.toMatchObject({ code: "conversation_not_found", message: "why" });
    expect(events.map(({ event }) => event)).toEqual(["connected"]);
    expect(waits).toEqual([]);
  });

  it("gives an error of the conversation as an event, and stays connected", async () => {
    const error = { code: "platform_timeout", message: "why", retryable: false };
    const { events, lastEventIds } = await start([
      (response) => stream(response, `id: e-1\nevent: error\ndata: ${JSON.stringify(error)}\n\n`),
    ]);
    await until(() => expect(events).toEqual([{ event: "error", data: error }]));
    expect(lastEventIds).toHaveLength(1);
  });

  it("ends, and closes its connection, when it is aborted", async () => {
    const closed = vi.fn();
    const { ended, scope, events, waits } = await start([
      (response) => {
        response.on("close", closed);
        stream(response, state("e-1", "thinking"));
      },
    ]);
    await until(() => expect(events).toHaveLength(1));
    scope.abort();
    await expect(ended).resolves.toBeUndefined();
    await until(() => expect(closed).toHaveBeenCalledOnce());
    expect(waits).toEqual([]);
  });
});

describe("a stream that is held back", () => {
  const hold: Connection = (response) => void stream(response, ": opening\n\n");
  const tooMany = problem(429, { code: "too_many_streams", retryable: true });

  it.each<[string, Connection, boolean]>([
    ["gives no headers", () => undefined, true],
    ["gives its first bytes and no more", hold, true],
    ["is one too many", tooMany, false],
  ])(
    "is asked for instead when it %s, and tried again from a snapshot",
    async (_, connection, isHeldBack) => {
      const poll = vi.fn<Poll>(async () => undefined);
      const { events, lastEventIds, states } = await start(
        [connection, connection, (response) => stream(response, state("e-9", "idle"))],
        { poll, early: 500, lastEventId: "e-1" },
      );
      await until(() => expect(events).toHaveLength(1));
      expect(poll.mock.calls).toMatchObject([
        [{ isHeldBack, round: 0 }],
        [{ isHeldBack, round: 1 }],
      ]);
      expect(lastEventIds).toEqual(["e-1", undefined, undefined]);
      expect(states).not.toContain("lost");
    },
  );

  it("is tried again after a wait when it can't be asked for either", async () => {
    const poll = vi.fn().mockRejectedValue(new TypeError("no chunk"));
    const { events, states, waits } = await start(
      [hold, (response) => stream(response, state("e-1", "idle"))],
      { poll, early: 500 },
    );
    await until(() => expect(events).toHaveLength(1));
    expect(states).toContain("lost");
    expect(waits).toHaveLength(1);
  });

  it("is given up when the proxy says, in answer to the questions, that there is nothing", async () => {
    const gone = new ChatError({ code: "conversation_not_found", message: "", retryable: false });
    const { ended } = await start([hold], { poll: () => Promise.reject(gone), early: 500 });
    await expect(ended).rejects.toBe(gone);
  });

  it("is not one that has told something later, and falls silent then", async () => {
    const poll = vi.fn(async () => undefined);
    const { lastEventIds } = await start(
      [
        (response) => {
          stream(response, ": opening\n\n");
          setTimeout(() => response.write(": heartbeat\n\n"), 1100);
        },
      ],
      { poll, stall: 300, early: 2000 },
    );
    await until(() => expect(lastEventIds).toHaveLength(2));
    expect(poll).not.toHaveBeenCalled();
  });
});
