import { describe, expect, test, vi } from "vitest";
import { createOwner } from "../../../../widget/manage/transport/owner.ts";

const TOKEN = "admin-token-of-the-owner-tests-0123456789";

function start(answer: () => Promise<Response>) {
  const fetch = vi.fn<typeof globalThis.fetch>(answer);
  const owner = createOwner({ base: "https://chat.example.com/chat/", fetch });
  owner.use(TOKEN);
  return { owner, fetch };
}
const json =
  (status: number, body: object, type = "application/json") =>
  async () =>
    new Response(JSON.stringify(body), { status, headers: { "Content-Type": type } });

describe("the owner's calls", () => {
  test("carry the token in a header alone, and are kept in no cache", async () => {
    const { owner, fetch } = start(json(201, { conversationId: "c/1" }));
    const conversation = await owner.open();
    await owner.tell(conversation, "Hello", new AbortController().signal);
    await owner.overview();
    expect(fetch.mock.calls.map(([url, init]) => `${init?.method} ${String(url)}`)).toEqual([
      "POST https://chat.example.com/chat/api/management/conversations",
      "POST https://chat.example.com/chat/api/management/conversations/c%2F1/messages",
      "GET https://chat.example.com/chat/manage/overview",
    ]);
    for (const [url, init] of fetch.mock.calls) {
      expect(init).toMatchObject({
        headers: { Authorization: `Bearer ${TOKEN}` },
        cache: "no-store",
        credentials: "omit",
      });
      expect(`${String(url)} ${String(init?.body)}`).not.toContain(TOKEN);
    }
  });

  test.each([
    [400, "message_too_long"],
    [402, "platform_rejected_request"],
    [404, "conversation_not_found"],
    [409, "conversation_busy"],
    [429, "conversation_full"],
  ])("that Lexey refuses with %d say %s, whatever its words are", async (status, code) => {
    const { owner } = start(json(status, { error: "anything" }));
    await expect(owner.tell("c1", "Hi", new AbortController().signal)).rejects.toMatchObject({
      code,
    });
  });

  test("that the proxy refuses have its code and its words", async () => {
    const problem = { code: "too_many_requests", detail: "Wait.", retryable: true };
    const { owner } = start(json(429, problem, "application/problem+json"));
    await expect(owner.overview()).rejects.toMatchObject({
      code: "too_many_requests",
      message: "Wait.",
    });
  });

  test("that reach nobody say network", async () => {
    const { owner } = start(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(owner.history()).rejects.toMatchObject({ code: "network", retryable: true });
  });
});
