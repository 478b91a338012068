import type OpenAI from "openai";
import { toBranding } from "./branding-input.ts";
import { findPeriod } from "./period.ts";
import type { Action } from "./actions.ts";

type Input = Record<string, unknown>;

/** One action as a language model calls it; `read` throws what is wrong with its input. */
type Tool = {
  description: string;
  properties: Record<string, object>;
  required: string[];
  read: (input: Input) => Action;
};

const TEXT = { type: "string" };
const TITLE = { type: "string", description: "Title of the article" };
const KIND = {
  type: "string",
  enum: ["business", "escalation"],
  description: "business: how to answer; escalation: when a person takes over",
};
const RULES = { type: "array", items: { type: "string" } };

const TOOLS: { [Name in Action["name"]]: Tool } = {
  set_business_context: {
    description: "Replaces the description of the business",
    properties: { text: TEXT },
    required: ["text"],
    read: (input) => ({ name: "set_business_context", text: text(input, "text") }),
  },
  add_article: {
    description: "Adds a knowledge article",
    properties: {
      title: TITLE,
      content: { type: "string", description: "Markdown" },
      category: TEXT,
    },
    required: ["title", "content"],
    read: (input) => ({
      name: "add_article",
      title: text(input, "title"),
      content: text(input, "content"),
      ...(input["category"] ? { category: text(input, "category") } : {}),
    }),
  },
  update_article: {
    description: "Replaces the text of an article",
    properties: { title: TITLE, content: { type: "string", description: "Markdown" } },
    required: ["title", "content"],
    read: (input) => ({
      name: "update_article",
      title: text(input, "title"),
      content: text(input, "content"),
    }),
  },
  archive_article: {
    description: "Takes an article out of answers",
    properties: { title: TITLE },
    required: ["title"],
    read: (input) => ({ name: "archive_article", title: text(input, "title") }),
  },
  show_article: {
    description: "The text of an article",
    properties: { title: TITLE },
    required: ["title"],
    read: (input) => ({ name: "show_article", title: text(input, "title") }),
  },
  list_articles: {
    description: "The titles of all articles",
    properties: {},
    required: [],
    read: () => ({ name: "list_articles" }),
  },
  set_branding: {
    description: "Changes some of the branding",
    properties: {
      agentName: TEXT,
      primaryColor: { type: "string", description: "#rgb, #rrggbb or a CSS colour name" },
      welcomeHeading: TEXT,
      welcomeSubheading: TEXT,
    },
    required: [],
    read: (input) => ({ name: "set_branding", branding: toBranding(input) }),
  },
  add_rules: {
    description: "Adds rules, one sentence each",
    properties: { kind: KIND, rules: RULES },
    required: ["kind", "rules"],
    read: (input) => ({
      name: "add_rules",
      kind: oneOf(input, "kind", ["business", "escalation"]),
      rules: texts(input, "rules"),
    }),
  },
  remove_rules: {
    description: "Removes rules, each given exactly as it is",
    properties: { kind: KIND, rules: RULES },
    required: ["kind", "rules"],
    read: (input) => ({
      name: "remove_rules",
      kind: oneOf(input, "kind", ["business", "escalation"]),
      rules: texts(input, "rules"),
    }),
  },
  show_settings: {
    description: "What is set at present",
    properties: { what: { type: "string", enum: ["branding", "rules", "context", "all"] } },
    required: ["what"],
    read: (input) => ({
      name: "show_settings",
      what: oneOf(input, "what", ["branding", "rules", "context", "all"]),
      json: true,
    }),
  },
  show_analytics: {
    description:
      "Conversations, messages, escalations, unanswered questions and first-token times of a period",
    properties: {
      period: { type: "string", description: "such as: last 7 days, today, yesterday, this month" },
    },
    required: ["period"],
    read: (input) => {
      const period = findPeriod(text(input, "period").toLowerCase());
      if (!period) throw new Error('period is none: give one such as "last 7 days" or "today"');
      return { name: "show_analytics", period };
    },
  },
};

/** The actions as an OpenAI-compatible endpoint is told of them. */
export const TOOL_LIST: OpenAI.ChatCompletionTool[] = Object.entries(TOOLS).map(
  ([name, { description, properties, required }]) => ({
    type: "function",
    function: {
      name,
      description,
      parameters: { type: "object", properties, required, additionalProperties: false },
    },
  }),
);

/** Reads a model's call. Throws, for the model to read, what is wrong with it. */
export function readCall(name: string, json: string): Action {
  const tool = Object.entries(TOOLS).find(([known]) => known === name)?.[1];
  if (!tool) throw new Error(`there is no tool ${name}`);
  return tool.read(parseInput(json));
}

function parseInput(json: string): Input {
  try {
    const input: unknown = JSON.parse(json || "{}");
    if (typeof input === "object" && input !== null && !Array.isArray(input)) return input as Input;
  } catch {
    // Said below.
  }
  throw new Error("the arguments are not a JSON object");
}

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== "string" || value.trim() === "") {
    throw new Error(`${name} is missing: give a text`);
  }
  return value.trim();
}

function texts(input: Input, name: string): string[] {
  const value = input[name];
  if (!Array.isArray(value) || value.length === 0) {
    throw new Error(`${name} is missing: give a list of texts`);
  }
  return value.map((item: unknown) => text({ [name]: item }, name));
}

function oneOf<Choice extends string>(
  input: Input,
  name: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === input[name]);
  if (choice === undefined) throw new Error(`${name} must be one of ${choices.join(", ")}`);
  return choice;
}
