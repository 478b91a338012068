import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventLog, LoggedEvent } from "../../../proxy/relay/event-log.ts";
import { createMemoryLog, type MemoryLogOptions } from "../../../proxy/relay/memory-log.ts";

const append = (log: EventLog, text: string): LoggedEvent =>
  log.append({ event: "message:chunk", data: { messageId: "m1", offset: 0, text } });

function filled(
  count: number,
  options?: MemoryLogOptions,
): { log: EventLog; events: LoggedEvent[] } {
  const log = createMemoryLog(options);
  return { log, events: Array.from({ length: count }, (_, index) => append(log, `t${index}`)) };
}

describe("ids", () => {
  test("count up from 1 within the log's epoch", () => {
    const { log, events } = filled(3);
    const epoch = log.lastId().split("-")[0];

    expect(events.map(({ id }) => id)).toEqual([`${epoch}-1`, `${epoch}-2`, `${epoch}-3`]);
    expect(log.lastId()).toBe(`${epoch}-3`);
  });

  test("start at 0, before the first event", () => {
    const log = createMemoryLog();

    expect(log.lastId()).toMatch(/^[0-9a-f]{12}-0$/);
    expect(log.since(log.lastId())).toEqual([]);
  });

  test("are in the frames, as they go over the wire", () => {
    const { events } = filled(1);

    expect(events[0]?.frame).toContain(`id: ${events[0]?.id}\n`);
  });

  test("of another log are gone", () => {
    const { log } = filled(3);
    const other = filled(3).log;

    expect(log.since(other.lastId())).toBe("gone");
  });
});

test.each([
  "",
  "x",
  "1",
  "-1",
  "deadbeefdead-1",
  "{epoch}",
  "{epoch}-",
  "{epoch}-4",
  "{epoch}--1",
  "{epoch}-1.5",
  "{epoch}-1 ",
  "{epoch}-9999999999999999",
  "{epoch}-1\n",
])("the id %j, with 3 events logged, is gone", (template) => {
  const { log } = filled(3);
  const epoch = log.lastId().split("-")[0] ?? "";

  expect(log.since(template.replace("{epoch}", epoch))).toBe("gone");
});

describe("the caps", () => {
  test("drop the oldest events; an id before them is gone, the one at the border is not", () => {
    const { log, events } = filled(5, { maxEvents: 3 });

    expect(log.since(events[0]?.id ?? "")).toBe("gone");
    expect(log.since(events[1]?.id ?? "")).toEqual(events.slice(2));
  });

  test("count characters too", () => {
    const { log, events } = filled(9, { maxCharacters: 300 });
    const kept = log.since(events[6]?.id ?? "");

    expect(log.since(events[0]?.id ?? "")).toBe("gone");
    expect(kept).toEqual(events.slice(7));
  });

  test("keep the newest event, however long it is", () => {
    const log = createMemoryLog({ maxCharacters: 100 });
    const first = append(log, "a");
    const long = append(log, "x".repeat(1000));

    expect(log.since(first.id)).toEqual([long]);
  });
});

test("replay from any id gives exactly what came after it, or says that it is gone", () => {
  const texts = fc.array(fc.string({ maxLength: 40 }), { maxLength: 40 });
  const cap = fc.integer({ min: 1, max: 20 });
  const characters = fc.integer({ min: 1, max: 3000 });
  fc.assert(
    fc.property(texts, cap, characters, (all, maxEvents, maxCharacters) => {
      const log = createMemoryLog({ maxEvents, maxCharacters });
      const start = log.lastId();
      const events = all.map((text) => append(log, text));
      const ids = [start, ...events.map(({ id }) => id)];
      const kept = ids.map((id) => log.since(id));

      // Once an id can be answered, every later one can, with the tail after it.
      const firstKept = kept.findIndex((tail) => tail !== "gone");
      expect(kept).toEqual(
        ids.map((_, index) => (index < firstKept ? "gone" : events.slice(index))),
      );
      expect(events.length - firstKept).toBeLessThanOrEqual(maxEvents);
    }),
  );
});

test("padding goes into the frame once, so that all viewers get the same bytes", () => {
  const log = createMemoryLog({ padding: true });
  const start = log.lastId();
  const logged = append(log, "Hi");

  expect(logged.frame).toMatch(/^: p*\nid: /);
  expect(log.since(start)).toEqual([logged]);
});
