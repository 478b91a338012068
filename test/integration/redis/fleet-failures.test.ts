/** Fleets of real processes that are really killed, frozen and cut off: side by side, since they mostly wait for leases. */
import { expect, it } from "vitest";
import { finishedAnswer } from "../../support/page.ts";
import { API_KEY, call, eventually } from "../../support/proxy.ts";
import {
  countStreams,
  epochs,
  isStreaming,
  LONG,
  QUESTION,
  startFleet,
  untilAnswered,
} from "./failing-fleet.ts";

const PLATFORMS = ["lex", "lexey"] as const;

it.concurrent.each(PLATFORMS)(
  "goes on with an answer of %s whose proxy is killed",
  LONG,
  async (platform) => {
    const { holder, other, handle, history } = await startFleet({}, platform);
    expect((await other.visitor.reply(QUESTION, handle)).status).toBe(202);
    await other.page.until("a part of the answer", isStreaming);
    await holder.proxy.end("SIGKILL");
    await untilAnswered(other.page);

    expect(other.page.messages()).toEqual(await history());
    expect(other.page.connects()).toBe(1);
    expect(epochs(other.page).size).toBe(1);
    expect(other.page.transcript().failure ?? null).toBeNull();
    // Lexey has no stream to open again: its answer is read from the history.
    if (platform === "lex") expect(await countStreams(other.proxy)).toBe(1);
    expect((await other.visitor.reply("And returns?", handle)).status).toBe(202);
    await other.page.until("the next answer", () => other.page.messages().length === 6);
  },
);

it.concurrent.each(PLATFORMS)(
  "sends by another proxy what is written on %s",
  LONG,
  async (platform) => {
    const { holder, other, handle, history } = await startFleet({}, platform);
    await holder.proxy.end("SIGKILL");
    const { status } = await other.visitor.reply(QUESTION, handle);
    expect(status).toBe(202);
    await untilAnswered(other.page);
    expect(other.page.messages()).toEqual(await history());
  },
);

it.concurrent(
  "goes on without a proxy that stalls past its lease, and with it when it is back",
  LONG,
  async () => {
    const { holder, other, handle, history } = await startFleet();
    await other.visitor.reply(QUESTION, handle);
    await other.page.until("a part of the answer", isStreaming);
    holder.proxy.signal("SIGSTOP");
    await untilAnswered(other.page);
    await eventually(
      "another holder",
      async () => (await countStreams(other.proxy)) === 1 || undefined,
    );
    holder.proxy.signal("SIGCONT");
    await untilAnswered(holder.page);
    const { status } = await holder.visitor.reply("And returns?", handle);
    expect(status).toBe(202);
    for (const { page } of [holder, other])
      await page.until(
        "the next answer",
        () => page.messages().length === 6 && finishedAnswer(page),
      );

    const kept = await history();
    expect(kept.filter(({ content }) => content === "And returns?")).toHaveLength(1);
    expect(holder.page.messages()).toEqual(kept);
    expect(other.page.messages()).toEqual(kept);
  },
);

it.concurrent("never sends late what it was asked for before it stalled", LONG, async () => {
  const { holder, other, handle, history } = await startFleet();
  holder.proxy.signal("SIGSTOP");
  // The stalled proxy is asked first, and given up when its lease has ended.
  expect((await other.visitor.reply(QUESTION, handle)).status).toBe(202);
  holder.proxy.signal("SIGCONT");
  await untilAnswered(other.page);
  await untilAnswered(holder.page);
  expect((await history()).filter(({ content }) => content === QUESTION)).toHaveLength(1);
});

it.concurrent.each([
  ["empty", false],
  ["with its data", true],
])(
  "keeps viewers while Redis is away, and goes on when it is back %s",
  LONG,
  async (_how, isDurable) => {
    const { holder, other, handle, redis, history } = await startFleet({ isDurable });
    await other.visitor.reply(QUESTION, handle);
    await other.page.until("a part of the answer", isStreaming);
    await redis.kill();
    await eventually("a refusal", async () => {
      const { status, headers, body } = await holder.visitor.reply("And returns?", handle);
      if (status !== 503) throw new Error(`a send was answered ${status}`);
      expect(body).toMatchObject({ code: "service_unavailable", retryable: true });
      expect(Number(headers.get("Retry-After"))).toBeGreaterThan(0);
      return true;
    });
    await redis.start();
    for (const { page } of [holder, other]) await untilAnswered(page);

    const kept = await history();
    for (const { page } of [holder, other]) {
      expect(page.messages()).toEqual(kept);
      expect(page.connects()).toBe(1);
      // Also with its data: whether that is all of it nobody knows.
      expect(epochs(page).size).toBe(2);
    }
    await eventually("sends to be taken again", async () => {
      const { status } = await other.visitor.reply("And returns?", handle);
      return status === 202 || undefined;
    });
    await holder.page.until("the next answer", () => holder.page.messages().length === 6);
  },
);

it.concurrent(
  "does each send once, or says that it does not know, when a proxy is killed",
  LONG,
  async () => {
    const { holder, other, platform } = await startFleet();
    const contents = Array.from({ length: 12 }, (_, index) => `Question ${index}?`);
    const first = contents.map((content, index) =>
      holder.visitor
        .reply(content, undefined, { "Idempotency-Key": `kill-${index}-of-twelve` })
        .catch(() => null),
    );
    await Promise.any(first);
    await holder.proxy.end("SIGKILL");
    const outcomes = await Promise.all(
      first.map(async (sent, index) => {
        const answer =
          (await sent) ??
          (await other.visitor.reply(contents[index], undefined, {
            "Idempotency-Key": `kill-${index}-of-twelve`,
          }));
        return answer.status === 202 ? "accepted" : (answer.body as { code?: string }).code;
      }),
    );
    const counts = await countOnPlatform(platform.url, contents);
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome === "accepted") expect(counts[index]).toBe(1);
      else expect([outcome, counts[index]]).toEqual(["send_outcome_unknown", expect.any(Number)]);
      expect(counts[index]).toBeLessThan(2);
    }
  },
);

/** How often each text is among the first messages of the platform's conversations. */
async function countOnPlatform(
  platformUrl: string,
  contents: readonly string[],
): Promise<number[]> {
  type List = { conversations: Array<{ title: string | null }> };
  const { body } = await call<List>(`${platformUrl}/api/conversations?limit=100`, {
    headers: { Authorization: `Bearer ${API_KEY}` },
  });
  return contents.map(
    (content) => body.conversations.filter(({ title }) => title === content).length,
  );
}
