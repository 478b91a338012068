import { expect, test } from "vitest";
import { readConversations } from "../../../proxy/platforms/lex-conversations.ts";

test.each([
  ["a bare list", [{ id: "a", title: "A" }, { id: "b" }]],
  ["under a key", { total: 2, conversations: [{ id: "a" }, { id: "b" }] }],
  ["ids by another name", { data: [{ conversationId: "a" }, { conversation_id: "b" }] }],
  ["with what has no id", [{ id: "a" }, null, "c", { id: 7 }, { id: "b" }]],
])("a list of conversations is read: %s", (_name, answer) => {
  expect(readConversations(answer)?.map(({ id }) => id)).toEqual(["a", "b"]);
});

test.each([null, "text", 7, {}, { conversations: "none" }])("%j is no list", (answer) => {
  expect(readConversations(answer)).toBeNull();
});
