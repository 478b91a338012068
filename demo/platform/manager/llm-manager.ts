import type OpenAI from "openai";
import type { Agent, Step, Turn } from "../agent/agent.ts";
import { latest } from "../agent/latest.ts";
import { createLlmClient, TIMEOUT_MS } from "../agent/llm-client.ts";
import type { LlmSettings } from "../settings.ts";
import { createActor, type ActorOptions, type Outcome } from "./actor.ts";
import { describeSettings } from "./describe.ts";
import { describeCall } from "./describe-call.ts";
import { toSituation } from "./situation.ts";
import { understand } from "./reading/understand.ts";
import { createToolCalls, type ToolCall } from "./tool-calls.ts";
import { readCall, TOOL_LIST } from "./tools.ts";

/** A model that calls tools more often than this for one message goes round in circles. */
const MAX_ROUNDS = 8;

/**
 * Lets a language model decide what to do, by tool calls for the same actions. Throws when the
 * endpoint fails or says nothing.
 */
export function createLlmManager({ llm, ...options }: ActorOptions & { llm: LlmSettings }): Agent {
  const client = createLlmClient(llm);
  const act = createActor(options);

  return async function* answer(turns: Turn[], signal: AbortSignal): AsyncGenerator<Step> {
    const exact = answerToProgram(turns);
    if (exact !== undefined) return yield { type: "text", text: exact };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: "system", content: toPrompt(options) },
      ...latest(turns),
    ];
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const stream = await client.chat.completions.create(
        { model: llm.model, stream: true, messages, tools: TOOL_LIST },
        { signal: limit },
      );
      const calls = createToolCalls();
      let said = "";
      for await (const { choices } of stream) {
        const { content, tool_calls: pieces } = choices[0]?.delta ?? {};
        calls.add(pieces);
        if (!content) continue;
        said += content;
        yield { type: "text", text: content };
      }
      // The client ends an aborted stream as if it were complete.
      limit.throwIfAborted();
      if (calls.list().length === 0) {
        if (said === "") throw new Error("the model answered with nothing");
        return;
      }
      messages.push(toMessage(said, calls.list()));
      for (const call of calls.list()) {
        const outcome = perform(call);
        yield* describeCall(call, outcome);
        messages.push({ role: "tool", tool_call_id: call.id, content: outcome.text });
      }
    }
    throw new Error("the model calls tools without end");
  };

  /** A program that asks for JSON gets the values as they are: no model has to copy them. */
  function answerToProgram(turns: Turn[]): string | undefined {
    const message = turns.at(-1)?.content ?? "";
    const { actions } = understand(message, toSituation(options.organisation));
    const [only, ...others] = actions;
    const isExact = only?.name === "show_settings" && only.json && others.length === 0;
    return isExact ? act(only).text : undefined;
  }

  function perform({ name, json }: ToolCall): Outcome {
    try {
      return act(readCall(name, json));
    } catch (error) {
      return { ok: false, text: `Refused: ${error instanceof Error ? error.message : "unknown"}` };
    }
  }
}

function toMessage(content: string, calls: ToolCall[]): OpenAI.ChatCompletionMessageParam {
  return {
    role: "assistant",
    content: content || null,
    tool_calls: calls.map(({ id, name, json }) => ({
      id,
      type: "function",
      function: { name, arguments: json },
    })),
  };
}

function toPrompt({ organisation: { configuration, library } }: ActorOptions): string {
  const articles = library.list().map(({ title }) => `- ${title}`);
  return `You configure the support agent of a business, as its owner asks you to in a chat.
Change things by the tools alone, and only what the owner asks for. Ask back when something is missing or unclear.
Confirm briefly, in Markdown and in the owner's language, what a tool says has changed; say so when it refused.
When the owner asks for JSON only, answer with nothing else.

What is set: ${describeSettings(configuration(), { what: "all", json: true })}

The articles:
${articles.join("\n") || "none"}`;
}
