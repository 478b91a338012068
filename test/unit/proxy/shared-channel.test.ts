import { describe, expect, test, vi } from "vitest";
import { PlatformError, type Platform } from "../../../proxy/platforms/platform.ts";
import type { Message } from "../../../proxy/protocol.ts";
import { createSharedChannel } from "../../../proxy/relay/shared-channel.ts";

const at = (second: number): string => `2026-02-25T00:00:${String(second).padStart(2, "0")}Z`;
const message = (id: string, second: number, content: string, role: Message["role"] = "user") => ({
  id,
  role,
  content,
  created_at: at(second),
});
const LOST = new PlatformError("unknown", "the connection broke");

/** A platform with these conversations, the one that was updated last first. */
function open(conversations: Record<string, Message[]>) {
  const platform = {
    send: vi.fn<Platform["send"]>(() => Promise.reject(LOST)),
    recent: vi.fn<Platform["recent"]>(async () => Object.keys(conversations)),
    messages: async (id: string) => ({ messages: conversations[id] ?? [], hasMore: false }),
  };
  const channel = createSharedChannel(platform as unknown as Platform);
  return { platform, channel, conversations };
}

describe("the shared channel", () => {
  test("is known once a send has told which it is", async () => {
    const { platform, channel } = open({});
    expect(channel.id()).toBeNull();
    platform.send.mockResolvedValueOnce({ messageId: "m1", conversationId: "c1" });
    const sent = await channel.send("Hello", await channel.mark());
    expect([sent, channel.id()]).toEqual([{ messageId: "m1", conversationId: "c1" }, "c1"]);
  });

  test("is not known from a search, which may err", async () => {
    const { channel, conversations } = open({});
    const mark = await channel.mark();
    conversations["c1"] = [message("m1", 1, "Hello")];
    expect(await channel.send("Hello", mark)).toEqual({ messageId: "m1", conversationId: "c1" });
    expect(channel.id()).toBeNull();
  });

  test("is not taken from an answer that does not name it", async () => {
    const { platform, channel } = open({});
    platform.send.mockResolvedValueOnce({ messageId: "m1", conversationId: null });
    const sending = channel.send("Hello", await channel.mark());
    await expect(sending).rejects.toMatchObject({ failure: "unknown" });
    expect(channel.id()).toBeNull();
  });
});

describe("a message whose outcome is unknown", () => {
  const before = { c1: [message("m1", 1, "Hello"), message("m2", 2, "Hi!", "assistant")] };
  const table: Array<[what: string, after: Record<string, Message[]>, found: string | null]> = [
    ["newer than all before", { c1: [...before.c1, message("m3", 3, "Hello")] }, "m3"],
    ["in another conversation", { c2: [message("m3", 3, "Hello")], ...before }, "m3"],
    ["only there from before", before, null],
    ["of another text", { c1: [...before.c1, message("m3", 3, "Hello!")] }, null],
    ["the agent's", { c1: [...before.c1, message("m3", 3, "Hello", "assistant")] }, null],
    [
      "there twice, so that nobody knows which is this one",
      { c1: [...before.c1, message("m3", 3, "Hello")], c2: [message("m4", 3, "Hello")] },
      null,
    ],
  ];

  test.each(table)("is %s", async (_what, after, found) => {
    const { channel, conversations } = open({ ...before });
    const mark = await channel.mark();
    Object.assign(conversations, after);
    expect((await channel.find("Hello", mark))?.messageId ?? null).toBe(found);
    const sent = await channel.send("Hello", mark).catch((error: unknown) => error);
    expect(sent).toEqual(found === null ? LOST : expect.objectContaining({ messageId: found }));
  });

  test("stays unknown when it can't be looked for", async () => {
    const { platform, channel } = open({});
    const mark = await channel.mark();
    platform.recent.mockRejectedValue(new PlatformError("unavailable", "503"));
    await expect(channel.send("Hello", mark)).rejects.toBe(LOST);
  });

  test.each(["", "yesterday"])("is never found by a time that can't be read: %j", async (time) => {
    const hello = { ...message("m1", 1, "Hello"), created_at: time };
    const { channel } = open({ c1: [hello] });
    expect(await channel.find("Hello", await channel.mark())).toBeNull();
  });
});

test("a failure that is certain is no reason to look", async () => {
  const { platform, channel } = open({});
  const mark = await channel.mark();
  const refused = new PlatformError("busy", "409");
  platform.send.mockRejectedValueOnce(refused);
  await expect(channel.send("Hello", mark)).rejects.toBe(refused);
  expect(platform.recent).toHaveBeenCalledTimes(1);
});
