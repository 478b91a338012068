import { expect, test } from "vitest";
import { parseLexeyEvent } from "../../../proxy/platforms/lexey-events.ts";

test.each([
  ['{"type":"delta","text":" hours are 9am–5pm."}', { type: "delta", text: " hours are 9am–5pm." }],
  ['{"type":"delta","text":""}', { type: "delta", text: "" }],
  ['{"type":"status","status":"escalated"}', { type: "status", status: "escalated" }],
  ['{"type":"error","message":"words of the platform"}', { type: "error" }],
  ['{"type":"error"}', { type: "error" }],
  ["[DONE]", { type: "done" }],
])("%s is read", (data, event) => {
  expect(parseLexeyEvent(data)).toEqual(event);
});

test.each([
  '{"type":"delta"}',
  '{"type":"delta","text":7}',
  '{"type":"status","status":"abandoned"}',
  '{"type":"usage","tokens":7}',
  '{"type":"delta","text":"cut o',
  "[]",
  "null",
  "text",
  "",
])("%j is passed over", (data) => {
  expect(parseLexeyEvent(data)).toBeNull();
});
