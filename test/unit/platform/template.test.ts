import { expect, test } from "vitest";
import { fillTemplate } from "../../../demo/platform/webhooks/template.ts";

const variables = {
  message: 'He said "hi",\n{{from}} and \\',
  conversationId: "c1",
  from: "lex",
  conversationTitle: "Shipping",
  subject: "About shipping",
  timestamp: "2026-02-25T00:00:00Z",
};

test("all six variables are filled, in nested objects, lists and the middle of a text", () => {
  const template = {
    blocks: [{ text: "{{from}}: {{conversationTitle}} ({{subject}})" }, ["{{timestamp}}"]],
    thread: { id: "{{ conversationId }}" },
    text: "{{message}}",
  };

  expect(fillTemplate(template, variables)).toEqual({
    blocks: [{ text: "lex: Shipping (About shipping)" }, ["2026-02-25T00:00:00Z"]],
    thread: { id: "c1" },
    text: variables.message,
  });
});

test("a value is data: its quotes break nothing and its braces are not filled again", () => {
  const body = JSON.stringify(fillTemplate({ text: "{{message}}" }, variables));

  expect(JSON.parse(body)).toEqual({ text: 'He said "hi",\n{{from}} and \\' });
});

test.each([[5], [true], [null], ["{{unknown}}"], ["{{constructor}}"], ["$& {{}}"]])(
  "%j stays as it is",
  (template) => {
    expect(fillTemplate({ value: template }, variables)).toEqual({ value: template });
  },
);
