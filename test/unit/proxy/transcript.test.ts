import { expect, test } from "vitest";
import type { Message } from "../../../proxy/protocol.ts";
import { createTranscript } from "../../../proxy/relay/transcript.ts";

const message = (id: string, content: string): Message => ({
  id,
  role: "assistant",
  content,
  created_at: "2026-03-01T12:00:00Z",
});

test("it knows what was shown, and where reading goes on", () => {
  const transcript = createTranscript();
  expect(transcript.lastId()).toBeNull();
  transcript.advanceTo("m1");
  transcript.remember("m2");

  expect(["m1", "m2", "m3"].map(transcript.has)).toEqual([true, true, false]);
  expect(transcript.lastId()).toBe("m1");
});

test("the thousand newest are remembered", () => {
  const transcript = createTranscript();
  for (let number = 0; number <= 1000; number += 1) transcript.remember(`m${number}`);

  expect(["m0", "m1", "m1000"].map(transcript.has)).toEqual([false, true, true]);
});

test("a send whose id the platform kept to itself is claimed once", () => {
  const transcript = createTranscript();
  transcript.addUnnamed("Hi");
  transcript.addUnnamed("Hi");

  expect(["Hello", "Hi", "Hi", "Hi"].map(transcript.claimUnnamed)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test("only the newest unnamed sends are kept", () => {
  const transcript = createTranscript();
  for (let number = 0; number < 30; number += 1) transcript.addUnnamed(`text ${number}`);

  expect(["text 0", "text 29"].map(transcript.claimUnnamed)).toEqual([false, true]);
});

test("a stopped answer is shown up to where it was stopped, and not at all if nothing was there", () => {
  const transcript = createTranscript();
  transcript.cut("m2", 3);
  transcript.cut("m3", 0);
  const shown = transcript.applyCuts([
    message("m1", "untouched"),
    message("m2", "abcdef"),
    message("m3", "never shown"),
  ]);

  expect(shown.map(({ id, content }) => [id, content])).toEqual([
    ["m1", "untouched"],
    ["m2", "abc"],
  ]);
});
