import { describe, expect, test } from "vitest";
import { connectLexey, payloadsOf, startLexey, textOf } from "./lexey.ts";
import { receive, type Received } from "./receive.ts";

type Delta = {
  content?: string;
  tool_calls?: { index: number; id?: string; function: { name?: string; arguments?: string } }[];
};

function frame(delta: Delta, finish: string | null = null): string {
  const chunk = {
    id: "1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

const say = (content: string) => `${frame({ content })}${frame({}, "stop")}data: [DONE]\n\n`;

/** Tool calls as they are streamed: the arguments come in pieces. */
function call(...calls: [name: string, input: unknown][]): string {
  const frames = calls.flatMap(([name, input], index) => {
    const json = typeof input === "string" ? input : JSON.stringify(input);
    const half = Math.ceil(json.length / 2);
    return [
      { index, id: `call_${index}`, type: "function", function: { name, arguments: "" } },
      { index, function: { arguments: json.slice(0, half) } },
      { index, function: { arguments: json.slice(half) } },
    ].map((piece) => frame({ tool_calls: [piece] }));
  });
  return `${frames.join("")}${frame({}, "tool_calls")}data: [DONE]\n\n`;
}

/** A platform whose model answers with the rounds in order. */
async function startWithModel(...rounds: string[]) {
  const model = await receive((response, count) =>
    response
      .writeHead(200, { "Content-Type": "text/event-stream" })
      .end(rounds[count - 1] ?? rounds.at(-1)),
  );
  const baseUrl = model.url.replace("/hook", "/v1");
  const lexey = await startLexey({ llm: { baseUrl, apiKey: "sk-very-secret", model: "tiny" } });
  const manager = connectLexey(lexey.url, "management");
  const id = await manager.create();
  const ask = (message: string) => manager.ask(id, message);
  /** The exact values, which no model is asked for. */
  const branding = async () =>
    JSON.parse(textOf(await ask("What is our branding? Answer with JSON only: {}"))) as unknown;
  return { ask, branding, model, log: lexey.log };
}

const messagesOf = (received: Received | undefined) =>
  (JSON.parse(received?.body ?? "{}") as { messages: { role: string; content: string }[] })
    .messages;

describe("the configuration agent with a language model", () => {
  test("changes what the model's tool calls say, and passes its answer on", async () => {
    const { ask, branding, model } = await startWithModel(
      call(
        ["set_branding", { agentName: "Rita", primaryColor: "teal" }],
        ["add_rules", { kind: "business", rules: ["Never promise a date."] }],
      ),
      say("Done: the agent is called **Rita**."),
    );
    const events = await ask("The agent is Rita, in teal, and promises no dates");

    expect(textOf(events)).toBe("Done: the agent is called **Rita**.");
    expect(await branding()).toMatchObject({ agentName: "Rita", primaryColor: "#008080" });
    expect(messagesOf(model.received[1]).slice(-3)).toEqual([
      expect.objectContaining({ role: "assistant" }),
      expect.objectContaining({ role: "tool", tool_call_id: "call_0" }),
      {
        role: "tool",
        tool_call_id: "call_1",
        content: "I have added this business rule:\n\n- Never promise a date.",
      },
    ]);
  });

  test("tells the model what is set, the articles and the tools", async () => {
    const { ask, model } = await startWithModel(say("Hello!"));
    await ask("Hi");
    const request = JSON.parse(model.received[0]?.body ?? "") as {
      tools: { function: { name: string } }[];
    };

    expect(messagesOf(model.received[0])[0]?.content).toContain("- Shipping\n");
    expect(request.tools.map((tool) => tool.function.name)).toEqual([
      "set_business_context",
      "add_article",
      "update_article",
      "archive_article",
      "show_article",
      "list_articles",
      "set_branding",
      "add_rules",
      "remove_rules",
      "show_settings",
      "show_analytics",
    ]);
  });

  test.each<[string, string, unknown, string]>([
    ["a colour that is none", "set_branding", { primaryColor: "blurple" }, "is no colour"],
    ["no value", "set_branding", {}, "give one of agentName"],
    ["a value of another type", "set_branding", { agentName: 7 }, "agentName must be a text"],
    ["a text that is too long", "set_branding", { agentName: "x".repeat(99) }, "too long"],
    ["a tool that is none", "drop_tables", {}, "there is no tool drop_tables"],
    ["arguments that are no JSON", "set_branding", "{oops", "not a JSON object"],
    ["another kind of rule", "add_rules", { kind: "x", rules: ["a"] }, "kind must be one of"],
    ["a period that is none", "show_analytics", { period: "ever" }, "period is none"],
    ["an article that is not there", "archive_article", { title: "x" }, "I have no article"],
  ])("tells the model why %s is refused", async (_case, name, input, problem) => {
    const { ask, branding, model } = await startWithModel(call([name, input]), say("I can't."));

    expect(textOf(await ask("Do it"))).toBe("I can't.");
    expect(messagesOf(model.received[1]).at(-1)?.content).toContain(problem);
    expect(await branding()).toMatchObject({ agentName: null, primaryColor: null });
  });

  test("answers a program's question for JSON without the model", async () => {
    const { branding, model } = await startWithModel(say("never asked"));

    expect(await branding()).toMatchObject({ agentName: null });
    expect(model.received).toEqual([]);
  });

  test("ends when the model calls tools without end", async () => {
    const { ask, model, log } = await startWithModel(call(["list_articles", {}]));

    expect(payloadsOf(await ask("Do it"))).toEqual([expect.objectContaining({ type: "error" })]);
    expect(model.received).toHaveLength(8);
    expect(log.join()).not.toContain("sk-very-secret");
  });
});
