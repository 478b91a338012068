import { describe, expect, test } from "vitest";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import { payloadsOf, readEvents, startLexey, textOf, toAnswer } from "./lexey.ts";
import { openRaw } from "./raw.ts";

const QUESTION = "Is shipping free?";

async function hear(options: PlatformOptions) {
  const lexey = await startLexey(options);
  const id = await lexey.create();
  return { lexey, id, events: await lexey.ask(id, QUESTION) };
}

/** The raw answer to a message, with HTTP's own chunks where the version has them. */
async function hearRaw(options: PlatformOptions, version: "1.0" | "1.1" = "1.0") {
  const lexey = await startLexey(options);
  const id = await lexey.create();
  const body = JSON.stringify({ message: QUESTION });
  const head = [
    `POST /api/v1/customer/conversations/${id}/messages HTTP/${version}`,
    "Host: lexey",
    "Connection: close",
    `Authorization: ${lexey.headers.Authorization}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
  ];
  return { lexey, id, stream: openRaw(lexey.port, `${head.join("\r\n")}\r\n\r\n${body}`) };
}

const kept = async ({ lexey, id }: Pick<Awaited<ReturnType<typeof hear>>, "lexey" | "id">) =>
  (await lexey.history(id)).at(-1);

test("nothing breaks unless it is asked for: each event is one write, id and data and no more", async () => {
  const { stream } = await hearRaw({}, "1.1");
  await stream.ended;
  const [, body = ""] = stream
    .bytes()
    .toString("latin1")
    .split(/\r\n\r\n(.*)/s);
  const chunks = body.split(/[0-9a-f]+\r\n/).map((chunk) => chunk.replace(/\r\n$/, ""));

  expect(chunks.length).toBeGreaterThan(10);
  for (const [number, chunk] of chunks.slice(1, -2).entries()) {
    expect(chunk).toMatch(new RegExp(`^id: ${number + 1}\ndata: \\{"type":"delta",.*\\}\n\n$`));
  }
  expect(chunks.at(-2)).toBe(`id: ${chunks.length - 2}\ndata: [DONE]\n\n`);
});

describe("ids", () => {
  test("missing leaves them out", async () => {
    const { events } = await hear({ ids: "missing" });

    expect(new Set(events.map((event) => event.id))).toEqual(new Set([undefined]));
    expect(textOf(events)).toContain("€49");
  });

  test("unordered counts 2, 1, 4, 3", async () => {
    const { events } = await hear({ ids: "unordered" });

    expect(events.slice(0, 4).map((event) => event.id)).toEqual(["2", "1", "4", "3"]);
  });
});

test("order swapped sends events in pairs turned round, and loses none", async () => {
  const { lexey, id, events } = await hear({ order: "swapped" });
  const inOrder = events.toSorted((one, other) => Number(one.id) - Number(other.id));

  expect(events.slice(0, 2).map((event) => event.id)).toEqual(["2", "1"]);
  expect(textOf(inOrder)).toBe((await kept({ lexey, id }))?.content);
  expect(inOrder.at(-1)?.data).toBe("[DONE]");
});

test("copies writes each event as often as asked", async () => {
  const { events } = await hear({ copies: 2 });

  expect(events.slice(0, 4).map((event) => event.id)).toEqual(["1", "1", "2", "2"]);
});

test("pieceBytes cuts a stream anywhere and loses nothing, its end included", async () => {
  const { lexey, id, events } = await hear({ pieceBytes: 3 });

  expect(textOf(events)).toBe((await kept({ lexey, id }))?.content);
  expect(events.at(-1)?.data).toBe("[DONE]");
});

describe("end", () => {
  test("untold ends the body without [DONE]; the answer is kept", async () => {
    const { lexey, id, events } = await hear({ end: "untold" });

    expect(events.at(-1)?.data).not.toBe("[DONE]");
    expect((await kept({ lexey, id }))?.content).toBe(textOf(events));
  });

  test.each([
    ["stuck", 2],
    ["never", 1],
  ] as const)(
    "%s leaves the body open, with %i messages in the history, until it is mended",
    async (end, messages) => {
      const lexey = await startLexey({ end });
      const id = await lexey.create();
      const events = readEvents(await lexey.send(id, QUESTION));
      await expect.poll(async () => (await lexey.history(id)).length).toBe(messages);
      expect((await lexey.refusal(id, "Hello?")).status).toBe(409);
      lexey.misbehave({ end: "told" });

      expect(textOf(await events)).toBe((await kept({ lexey, id }))?.content);
    },
  );
});

describe("agent fails", () => {
  test.each([
    ["done", true],
    ["nothing", false],
  ] as const)("tells an error mid-answer, with %s after it", async (afterError, isDone) => {
    const { lexey, id, events } = await hear({ agent: "fails", faultAfter: 3, afterError });
    const types = payloadsOf(events).map(({ type }) => type);

    expect(types).toEqual(["delta", "delta", "delta", "error"]);
    expect(events.at(-1)?.data === "[DONE]").toBe(isDone);
    expect((await kept({ lexey, id }))?.content).toBe(textOf(events));
    lexey.misbehave({ agent: "answers" });
    expect((await lexey.ask(id, QUESTION)).at(-1)?.data).toBe("[DONE]");
  });

  test("before its first word keeps no answer", async () => {
    const { lexey, id, events } = await hear({ agent: "fails", faultAfter: 0 });

    expect(payloadsOf(events).map(({ type }) => type)).toEqual(["error"]);
    expect((await lexey.history(id)).map(({ role }) => role)).toEqual(["user"]);
  });
});

describe("fault", () => {
  test.each([
    ["end", "end"],
    ["reset", "ECONNRESET"],
  ] as const)("%s breaks an answer off in the middle of an event", async (fault, how) => {
    const { lexey, id, stream } = await hearRaw({ fault, faultAfter: 3 });

    expect(await stream.ended).toBe(how);
    const [, body = ""] = stream.bytes().toString().split("\r\n\r\n");
    expect(body.match(/\n\n/g)).toHaveLength(3);
    expect(body.endsWith("\n\n")).toBe(false);
    await expect.poll(async () => (await kept({ lexey, id }))?.content).toContain("€49");
  });

  test("stall writes nothing for as long as is asked, and then everything to the end", async () => {
    const { lexey, id, stream } = await hearRaw({ fault: "stall", faultAfter: 3, stallMs: 1000 });
    await expect.poll(async () => (await kept({ lexey, id }))?.role).toBe("assistant");
    expect(stream.bytes().toString()).not.toContain("id: 5");

    expect(await stream.ended).toBe("end");
    expect(stream.bytes().toString()).toMatch(/data: \[DONE\]\n\n$/);
  });

  test("huge makes one event of ten megabytes", async () => {
    const { events } = await hear({ fault: "huge", faultAfter: 1 });

    expect(events[1]?.data.length).toBeGreaterThan(10 * 1024 * 1024);
  });

  test("invalid puts bytes that are no UTF-8 into one event", async () => {
    const { events } = await hear({ fault: "invalid", faultAfter: 1 });

    expect(textOf(events)).toContain("\uFFFD");
  });
});

describe("calls", () => {
  test.each([
    ["conversations", 500, 200, 200],
    ["reply", 201, 500, 200],
    ["messages", 201, 200, 500],
    ["all", 500, 500, 500],
  ] as const)("fail %s answers them before a stream begins", async (fail, ...statuses) => {
    const lexey = await startLexey();
    const id = await lexey.create();
    lexey.misbehave({ fail, failStatus: 500 });
    const history = await fetch(`${lexey.base}/${id}/messages`, { headers: lexey.headers });
    const answers = [await lexey.post(""), await lexey.send(id, QUESTION), history];

    expect(answers.map(({ status }) => status)).toEqual(statuses);
    const failed = answers.filter(({ status }) => status === 500);
    for (const answer of failed) {
      expect((await toAnswer(answer)).body).toEqual({ error: "The platform is out of order" });
    }
  });

  test("reply lost takes a message and resets the connection", async () => {
    const lexey = await startLexey({ reply: "lost" });
    const id = await lexey.create();
    await expect(lexey.send(id, QUESTION)).rejects.toThrow("fetch failed");

    await expect.poll(() => lexey.history(id)).toHaveLength(2);
  });

  test("streamType html answers a message with a page, and does not take it", async () => {
    const lexey = await startLexey({ streamType: "html" });
    const id = await lexey.create();
    const response = await lexey.send(id, QUESTION);

    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toMatch("text/html");
    expect(await lexey.history(id)).toEqual([]);
  });
});

test("history partial shows an answer while it is written", async () => {
  const lexey = await startLexey({ history: "partial", end: "never" });
  const id = await lexey.create();
  await lexey.send(id, QUESTION);

  await expect.poll(async () => (await kept({ lexey, id }))?.content).toContain("€49");
});

test.each(["lex2_demo", "lxc_demo", "lxm_demo"])(
  "POST /demo/misbehave takes the key %s",
  async (key) => {
    const lexey = await startLexey();
    const misbehave = (Authorization: string) =>
      fetch(`${lexey.url}/demo/misbehave`, {
        method: "POST",
        headers: { ...lexey.headers, Authorization },
        body: JSON.stringify({ fail: "all" }),
      });

    expect((await misbehave("Bearer lxc_other")).status).toBe(401);
    expect((await misbehave(`Bearer ${key}`)).status).toBe(200);
    expect((await lexey.post("")).status).toBe(503);
  },
);

test("restartMs loses an answer under way and keeps its question", async () => {
  const lexey = await startLexey({ end: "never" });
  const id = await lexey.create();
  const response = await lexey.send(id, QUESTION);
  lexey.misbehave({ end: "told", restartMs: 50 });
  await readEvents(response);
  await expect.poll(() => lexey.history(id).catch(() => null)).not.toBeNull();

  expect((await lexey.history(id)).map(({ role }) => role)).toEqual(["user"]);
  expect(textOf(await lexey.ask(id, QUESTION))).toContain("€49");
});
