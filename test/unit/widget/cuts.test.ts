import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "../../../proxy/protocol.ts";
import { keepCut, readCuts, type Cuts } from "../../../widget/state/cuts.ts";
import { addOlder, emptyTranscript, toEntries } from "../../../widget/state/transcript.ts";
import { memoryStore } from "./memory-store.ts";
import {
  agent,
  apply,
  applyWithCuts,
  chunk,
  complete,
  event,
  init,
  texts,
  user,
} from "./events.ts";

describe("the cuts that a browser keeps", () => {
  const stop = (id: string, content: string, provisionalId?: string) => ({
    message: agent(id, content),
    stopped: true,
    ...(provisionalId !== undefined && { provisionalId }),
  });

  it("say how much of an answer was shown, in UTF-16 units", () => {
    const store = memoryStore();
    keepCut(store, "h1", stop("a1", "He 👍"));
    expect(readCuts(store, "h1")("a1")).toBe(5);
  });

  it("move to the id that the platform gives the answer at its end", () => {
    const store = memoryStore();
    keepCut(store, "h1", stop("p1", "He"));
    keepCut(store, "h1", stop("a1", "He", "p1"));
    expect(["a1", "p1"].map(readCuts(store, "h1"))).toEqual([2, undefined]);
  });

  it("are those of one conversation: another may have other messages under the same ids", () => {
    const store = memoryStore();
    keepCut(store, "h1", stop("a1", "He"));
    keepCut(store, "h2", stop("a1", "Hello"));
    keepCut(store, "h2", stop("a2", "Hello", "a1"));
    expect(["a1", "a2"].map(readCuts(store, "h1"))).toEqual([2, undefined]);
    expect(["a1", "a2"].map(readCuts(store, "h2"))).toEqual([undefined, 5]);
    expect(readCuts(store, undefined)("a1")).toBeUndefined();
  });

  it("are the newest twenty, each once", () => {
    const store = memoryStore();
    for (let index = 0; index < 30; index += 1) keepCut(store, "h1", stop(`a${index}`, "He"));
    keepCut(store, "h1", stop("a10", "He"));
    const kept = store.read().cuts?.map(([name]) => name);
    expect(kept).toHaveLength(20);
    expect(kept).toEqual([
      ...Array.from({ length: 19 }, (_, index) => `h1 a${index + 11}`),
      "h1 a10",
    ]);
  });
});

describe("a stopped answer", () => {
  const cuts: Cuts = (id) =>
    new Map([
      ["a1", 2],
      ["a2", 0],
    ]).get(id);

  it.each<[string, ConversationEvent]>([
    ["a snapshot", init({ messages: [user("u1"), agent("a1", "Hello")] })],
    ["a new message", event("message:new", { message: agent("a1", "Hello") })],
    ["its end", complete(agent("a1", "Hello"))],
  ])("ends where it was stopped, in %s", (_, told) => {
    const { entries } = applyWithCuts(cuts, emptyTranscript, told);
    expect(entries.at(-1)).toMatchObject({ content: "He", wasStopped: true });
  });

  it.each<[string, ConversationEvent]>([
    ["a snapshot", init({ messages: [agent("a2", "Hello")] })],
    ["a partial answer", init({ partial: { messageId: "a2", text: "Hello" } })],
    ["a new message", event("message:new", { message: agent("a2", "Hello") })],
    ["a chunk", chunk("a2", 0, "Hello")],
    ["its end", complete(agent("a2", "Hello"))],
  ])("of which nothing was seen is not there, in %s", (_, told) => {
    expect(applyWithCuts(cuts, emptyTranscript, told).entries).toEqual([]);
  });

  it("leaves the screen when it was stopped before its first word", () => {
    const thinking = apply(emptyTranscript, init({ partial: { messageId: "a2", text: "" } }));
    expect(applyWithCuts(cuts, thinking, complete(agent("a2", ""))).entries).toEqual([]);
  });

  it("does not grow by what the platform goes on sending", () => {
    const stopped = applyWithCuts(
      cuts,
      apply(emptyTranscript, chunk("a1", 0, "He")),
      complete(agent("a1", "He")),
    );
    const later = [chunk("a1", 2, "llo"), chunk("a1", 99, "x"), complete(agent("a1", "Hello"))];
    expect(texts(applyWithCuts(cuts, stopped, ...later))).toEqual(["He"]);
  });

  it("gets the platform's id at its end, and stays in its place", () => {
    const ended = applyWithCuts(
      (id) => (id === "a1" ? 2 : undefined),
      apply(emptyTranscript, chunk("p1", 0, "He")),
      complete(agent("a1", "He"), { provisionalId: "p1" }),
      chunk("p1", 2, "llo"),
    );
    expect(ended.entries).toMatchObject([{ uid: "p1", id: "a1", content: "He", wasStopped: true }]);
  });

  it("is cut in older pages too", () => {
    const older = toEntries([user("u1"), agent("a1", "Hello"), agent("a2", "Hello")], cuts);
    expect(texts(addOlder(emptyTranscript, older, false))).toEqual(["u1", "He"]);
  });
});
