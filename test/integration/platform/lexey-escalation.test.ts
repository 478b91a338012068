import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import { payloadsOf, startLexey, textOf } from "./lexey.ts";
import { receive } from "./receive.ts";

const ESCALATED = { type: "status", status: "escalated" };

async function startWithHook(
  respond: Parameters<typeof receive>[0] = (response) => response.end(),
  options: PlatformOptions = {},
) {
  const hook = await receive(respond);
  const lexey = await startLexey({ escalationUrl: hook.url, webhookBackoffMs: 5, ...options });
  return { hook, lexey, id: await lexey.create() };
}

test("a customer who wants a person gets the status in the stream, numbered like the rest", async () => {
  const lexey = await startLexey();
  const events = await lexey.ask(await lexey.create(), "Can I talk to a human?");

  expect(payloadsOf(events).filter(({ type }) => type === "status")).toEqual([ESCALATED]);
  expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => index + 1));
  expect(events.at(-1)?.data).toBe("[DONE]");
});

test("conversation.escalated is posted in the documented shape, with the whole history", async () => {
  const { hook, lexey, id } = await startWithHook();
  await lexey.ask(id, "Is shipping free?");
  expect(hook.received).toEqual([]);
  await lexey.ask(id, "Can I talk to a human?");
  const [request] = await hook.count(1);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

  expect(request?.method).toBe("POST");
  expect(request?.headers["content-type"]).toBe("application/json");
  expect(request?.headers).not.toHaveProperty("x-lexey-signature");
  expect(JSON.parse(request?.body ?? "")).toEqual({
    event: "conversation.escalated",
    timestamp: time,
    conversation: { id, status: "escalated", customerIdentifier: null, createdAt: time },
    messages: await lexey.history(id),
    payload: { reason: expect.any(String) },
  });
  expect(await lexey.history(id)).toHaveLength(4);
});

test("with a secret the raw body is signed", async () => {
  const { hook, lexey, id } = await startWithHook(undefined, { escalationSecret: "shared secret" });
  await lexey.ask(id, "Can I talk to a human?");
  const [request] = await hook.count(1);
  const digest = createHmac("sha256", "shared secret")
    .update(request?.body ?? "")
    .digest("hex");

  expect(request?.headers["x-lexey-signature"]).toBe(`sha256=${digest}`);
});

test("a delivery that fails is repeated, the same bytes with the same signature", async () => {
  const { hook, lexey, id } = await startWithHook(
    (response, count) => {
      if (count === 1) response.destroy();
      else response.writeHead(count === 2 ? 500 : 200).end();
    },
    { escalationSecret: "shared secret" },
  );
  await lexey.ask(id, "Can I talk to a human?");
  const requests = await hook.count(3);

  expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
  expect(new Set(requests.map(({ headers }) => headers["x-lexey-signature"])).size).toBe(1);
});

test("an escalated conversation goes on, says that a person follows, and escalates no more", async () => {
  const { hook, lexey, id } = await startWithHook();
  await lexey.ask(id, "Can I talk to a human?");
  const question = await lexey.ask(id, "Is shipping free?");
  const again = await lexey.ask(id, "Can I talk to a human?");
  await lexey.ask(await lexey.create(), "Can I talk to a human?");
  const requests = await hook.count(2);

  expect(textOf(question)).toContain("€49");
  expect(textOf(question)).toContain("A person has been asked to take over");
  expect(payloadsOf([...question, ...again])).not.toContainEqual(ESCALATED);
  expect(requests.filter(({ body }) => body.includes(id))).toHaveLength(1);
});

test("without an address nothing is posted and the status is told all the same", async () => {
  const lexey = await startLexey({ escalationSecret: "shared secret" });
  const events = await lexey.ask(await lexey.create(), "Can I talk to a human?");

  expect(payloadsOf(events)).toContainEqual(ESCALATED);
  expect(lexey.log).toEqual([]);
});
