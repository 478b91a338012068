/** Whatever is cut, and wherever: what the page shows in the end is what the platform has. */
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createPlatform } from "../../../demo/platform/index.ts";
import { closeLater } from "../../support/close-later.ts";
import { finishedAnswer, openPage } from "../../support/page.ts";
import {
  API_KEY,
  createVisitor,
  eventually,
  ORIGIN,
  startProxy,
  type TestProxy,
} from "../../support/proxy.ts";
import { connect } from "../platform/start.ts";
import { FAST_TIMES, idOf, QUESTION } from "./broken-chat.ts";

const RUNS = 12;

type Cut = {
  /** UTF-16 units that the page shows of the answer when it happens. */
  after: number;
  what: "platform" | "viewer" | "proxy";
};

const cut: fc.Arbitrary<Cut> = fc.record({
  after: fc.nat(200),
  what: fc.constantFrom("platform", "viewer", "proxy"),
});

type Chat = { cuts: readonly Cut[]; pieceBytes: number; coalesceMs: number };

/** One answer, with cuts at these places, until page and platform agree. */
async function expectWhole({ cuts, pieceBytes, coalesceMs }: Chat): Promise<void> {
  const platform = await createPlatform({
    pieceBytes,
    keys: [API_KEY],
    thinkingMs: 20,
    tokensPerSecond: 200,
  });
  closeLater(() => platform.close());
  const settings = { COALESCE_MS: String(coalesceMs) };
  const start = (port: number): Promise<TestProxy> =>
    startProxy(platform.url, { ...settings, PORT: String(port) }, { relayTimes: FAST_TIMES });
  let proxy = await start(0);
  const visitor = await createVisitor(proxy.url);
  const { conversationId: handle } = await visitor.ask("Hello");
  const page = openPage({ urls: [proxy.url], origin: ORIGIN, token: visitor.token, handle });
  await page.until("the greeting", finishedAnswer);
  expect((await visitor.reply(QUESTION, handle)).status).toBe(202);

  const shown = (): number => page.messages()[3]?.content.length ?? 0;
  const isOver = (): boolean => shown() > 0 && finishedAnswer(page) !== undefined;
  for (const { after, what } of cuts.toSorted((one, other) => one.after - other.after)) {
    await page.until("the place of a cut", () => shown() >= after || isOver());
    if (what === "viewer") page.cut();
    else if (what === "platform") platform.misbehave({ fault: "reset", faultAfter: 0 });
    else {
      await proxy.close();
      proxy = await start(proxy.port);
    }
  }
  const lex = connect(platform.url, API_KEY);
  await eventually("the page to show what the platform has", async () => {
    const { messages } = await lex.messages(idOf(handle));
    const kept = messages.map(({ role, content }) => ({ role, content }));
    return (isOver() && kept.length === 4 && isDeepStrictEqual(page.messages(), kept)) || undefined;
  });
  page.close();
  await proxy.close();
  await platform.close();
}

test("cuts of platform, viewer and proxy, wherever they come", { timeout: 120_000 }, async () => {
  const chat = fc.record({
    cuts: fc.array(cut, { maxLength: 4 }),
    pieceBytes: fc.constantFrom(0, 1, 7),
    coalesceMs: fc.constantFrom(0, 33),
  });
  await fc.assert(fc.asyncProperty(chat, expectWhole), { numRuns: RUNS });
});
