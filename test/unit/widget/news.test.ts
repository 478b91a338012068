import { describe, expect, it } from "vitest";
import { createFailureNews, createNews } from "../../../widget/state/news.ts";
import { emptyTranscript, type Entry, type Transcript } from "../../../widget/state/transcript.ts";

const created_at = "2026-01-01T00:00:00.000Z";

function entry(uid: string, rest: Partial<Entry> = {}): Entry {
  return { uid, id: uid, role: "assistant", content: uid, created_at, ...rest };
}

const transcript = (...entries: Entry[]): Transcript => ({ ...emptyTranscript, entries });

describe("the news of a transcript", () => {
  /** The ids that are news, step by step. */
  function follow(...steps: Entry[][]): string[][] {
    const findNews = createNews();
    return steps.map((entries) => findNews(transcript(...entries)).map(({ id }) => id));
  }

  it("are not what a conversation begins with", () => {
    expect(follow([entry("a"), entry("b")], [entry("a"), entry("b"), entry("c")])).toEqual([
      [],
      ["c"],
    ]);
  });

  it("are an answer when it is whole, once", () => {
    const partial = entry("a", { isStreaming: true });
    expect(follow([partial], [partial], [entry("a")], [entry("a")])).toEqual([[], [], ["a"], []]);
  });

  it("are the visitor's own message when it has arrived, under its later id", () => {
    const own = entry("key", { role: "user", delivery: "sending" });
    expect(follow([own], [entry("key", { id: "u1", role: "user" })])).toEqual([[], ["u1"]]);
  });

  it("are not older messages that are loaded, or that come before a message just typed", () => {
    const own = entry("key", { role: "user", delivery: "sending" });
    expect(follow([own], [entry("a"), own], [entry("z"), entry("a"), own])).toEqual([[], [], []]);
  });

  it("are what comes before a message that waits", () => {
    const own = entry("key", { role: "user", delivery: "sending" });
    expect(follow([entry("a"), own], [entry("a"), entry("b"), own])).toEqual([[], ["b"]]);
  });

  it("are what came while the line was lost", () => {
    expect(follow([entry("a")], [entry("a"), entry("b"), entry("c")])).toEqual([[], ["b", "c"]]);
  });

  it("are not another conversation", () => {
    expect(follow([entry("a")], [], [entry("x"), entry("y")])).toEqual([[], [], []]);
  });
});

describe("the failures of a transcript", () => {
  it("are told once each, of answers and of messages", () => {
    const findFailures = createFailureNews();
    const failure = { code: "network", retryable: true } as const;
    const failed = entry("key", { role: "user", delivery: "failed", failure });
    const answer = { code: "answer_lost", retryable: true } as const;
    const codes = (transcript: Transcript) => findFailures(transcript).map(({ code }) => code);
    expect(codes(transcript(failed))).toEqual(["network"]);
    expect(codes({ ...transcript(failed), failure: answer })).toEqual(["answer_lost"]);
    expect(codes({ ...transcript(failed), failure: answer, hasMore: true })).toEqual([]);
    expect(codes(transcript({ ...failed, delivery: "sending" }))).toEqual([]);
    expect(codes(transcript(failed))).toEqual(["network"]);
    const another = { ...failed, uid: "another" };
    expect(codes(transcript(failed, another))).toEqual(["network"]);
    expect(codes(transcript(failed, another))).toEqual([]);
  });
});
