/** The owner's calls to Lexey, which pass unchanged: the documents' own words have to fit, and so do the proxy's. */
import { beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../proxy/protocol.ts";
import { startPlatform, type TestProxy } from "../../support/proxy.ts";
import { MANAGEMENT_KEY, NOWHERE, owner, startLexey, startOwners } from "../management/owners.ts";
import { json } from "../proxy/upstream.ts";
import { documented, expectAnswer, OPERATIONS, problemsOf, unseen, type Ask } from "./contract.ts";

const names = [...OPERATIONS]
  .filter(([, { path }]) => path.startsWith("/api/management/"))
  .map(([name]) => name);

const withBody = (operation: string, more: Ask = {}): Ask => ({
  id: "c-1",
  headers: owner,
  ...(operation === "manage" && { body: { message: "Hello" } }),
  ...more,
});

describe("the owner's calls to Lexey", () => {
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await startOwners((await startPlatform({ managementKeys: [MANAGEMENT_KEY] })).url);
  });

  it("are answered as documented, and so is each event of the stream", async () => {
    const created = await expectAnswer(proxy.url, "createManagementConversation", 201, {
      headers: owner,
    });
    const { conversationId: id } = created.body as { conversationId: string };
    const { text } = await expectAnswer(proxy.url, "manage", 200, withBody("manage", { id }));
    const media = documented("manage").answers.get(200)?.["text/event-stream"];
    const data = [...text.matchAll(/^data: (.*)$/gm)].map(([, line = ""]) => line);
    expect(data.length).toBeGreaterThan(1);
    expect(data.pop()).toBe("[DONE]");
    for (const line of data)
      expect(problemsOf(media?.["x-data"] ?? { not: {} }, JSON.parse(line)), line).toEqual([]);
    await expectAnswer(proxy.url, "listManagementMessages", 200, { headers: owner, id });
  });

  it.each(
    names.flatMap((name) => [400, 402, 404, 409, 429].map((status) => [name, status] as const)),
  )("pass what Lexey says of a request: %s may be %i", async (operation, status) => {
    const lexey = await startLexey((response) => json(response, status, { error: "No" }));
    const { url } = await startOwners(lexey.url);
    await expectAnswer(url, operation, status, withBody(operation));
  });

  const answers = (status: number) => (): Promise<{ url: string }> =>
    startLexey((response) => json(response, status, {}));
  const nowhere = async (): Promise<{ url: string }> => ({ url: NOWHERE });
  const wrong = { headers: { Authorization: "Bearer wrong" } };

  it.each<[code: ErrorCode, start: () => Promise<{ url: string }>, more: Ask, tries: number]>([
    ["admin_token_invalid", nowhere, wrong, 1],
    ["too_many_requests", nowhere, wrong, 11],
    ["platform_rejected_request", answers(401), {}, 1],
    ["platform_unavailable", nowhere, {}, 1],
    ["platform_timeout", answers(504), {}, 1],
  ])("are refused with %s as documented", async (code, start, more, tries) => {
    for (const operation of names) {
      const { url } = await startOwners((await start()).url);
      const options = withBody(operation, more);
      for (let before = 1; before < tries; before += 1)
        await expectAnswer(url, operation, 401, options);
      await expectAnswer(url, operation, code, options);
    }
  });

  it("are refused without a key, and while the proxy shuts down, as documented", async () => {
    const without = await startOwners(NOWHERE, { LEXEY_MANAGEMENT_KEY: "" });
    const closing = await startOwners(NOWHERE);
    await closing.proxy.close();
    for (const operation of names) {
      await expectAnswer(without.url, operation, "route_not_found", withBody(operation));
      await expectAnswer(closing.url, operation, "shutting_down", withBody(operation));
    }
  });

  it.each<[code: ErrorCode, options: Ask]>([
    ["body_too_large", { body: { message: "x".repeat(70_000) } }],
    [
      "unsupported_media_type",
      { body: "text", headers: { ...owner, "Content-Type": "text/plain" } },
    ],
  ])("are refused with %s as documented", async (code, options) => {
    await expectAnswer(proxy.url, "manage", code, withBody("manage", options));
  });

  it("are documented with nothing that was not seen here", () => {
    expect(unseen(names)).toEqual([]);
  });
});
