/** Whatever breaks, in whatever order: in the end a viewer shows what the platform has. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Breaks } from "../../../demo/platform/index.ts";
import { MISBEHAVIOURS } from "../../../demo/platform/misbehaviour.ts";
import type { SeenEvent } from "../../support/event-stream.ts";
import { expectSame, QUESTION, send, startBrokenChat } from "./broken-chat.ts";

const MENDED: Partial<Breaks> = { breakRate: 0, fault: "none", pieceBytes: 0, copies: 1 };

test.each([1, 2, 3, 4, 5, 6])(
  "calls and events that break at random, by seed %d",
  async (breakSeed) => {
    const chat = await startBrokenChat({ stallMs: 100 });
    const { conversationId: handle } = await chat.visitor.ask("Hello");
    const stream = await chat.visitor.stream(handle);
    await stream.snapshot();
    chat.misbehave({ breakSeed, breakRate: 0.03 });
    for (const content of [QUESTION, "And to Norway?", "How do I clean the grinder?"]) {
      await send(chat, content, handle);
    }
    chat.misbehave(MENDED);

    const { messages } = await expectSame(chat, handle, stream);
    const questions = messages.filter(({ role }) => role === "user");
    expect(questions).toHaveLength(4);
    expect(messages).toHaveLength(8);
  },
);

test("any cut of the platform's stream and of the viewer's: nothing is lost, nothing doubled", async () => {
  const broken = fc.record({
    framing: fc.constantFrom(...MISBEHAVIOURS.framing),
    fault: fc.constantFrom("none", "end", "reset"),
    faultAfter: fc.nat(60),
    pieceBytes: fc.constantFrom(0, 5, 61),
    copies: fc.constantFrom(1, 2),
    coalesceMs: fc.constantFrom(0, 33),
    viewerCuts: fc.array(fc.nat(15), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(broken, async ({ framing, coalesceMs, viewerCuts, ...breaks }) => {
      const chat = await startBrokenChat({ framing }, { coalesceMs });
      const { conversationId: handle } = await chat.visitor.ask("Hello");
      const seen: SeenEvent[] = [];
      let stream = await chat.visitor.stream(handle);
      await stream.snapshot();
      chat.misbehave(breaks);
      await send(chat, QUESTION, handle);
      for (const events of viewerCuts) {
        if (seen.some(isEnd)) break;
        await stream.until("events, or the end", (event) => {
          return isEnd(event) || stream.events.length > events;
        });
        stream.close();
        seen.push(...stream.events);
        const last = seen.findLast(({ id }) => id !== undefined)?.id;
        stream = await chat.visitor.stream(handle, { "Last-Event-ID": last });
      }
      const all = {
        get events() {
          return [...seen, ...stream.events];
        },
      };
      await expectSame(chat, handle, all);
      await chat.close();
      await chat.proxy.close();
    }),
    { numRuns: 15 },
  );
}, 60_000);

/** Whether the question's answer is there: streamed to its end, whole, or in a snapshot. */
function isEnd(seen: SeenEvent): boolean {
  if (seen.event === "message:complete") return true;
  if (seen.event === "message:new") return seen.data.message.role === "assistant";
  if (seen.event !== "conversation:init") return false;
  const question = seen.data.messages.findIndex(({ content }) => content === QUESTION);
  return question >= 0 && question < seen.data.messages.length - 1;
}
