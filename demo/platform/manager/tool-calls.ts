import type OpenAI from "openai";

export type ToolCall = { id: string; name: string; json: string };
type Piece = OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall;

/** More than any article, with its signs escaped. */
const MAX_CHARACTERS = 100_000;
const MAX_CALLS = 20;

/**
 * Puts tool calls together that are streamed in pieces, tolerantly: the client's own helper refuses
 * the streams of endpoints that leave out roles. Throws when they grow beyond all bounds.
 */
export function createToolCalls() {
  const calls: ToolCall[] = [];
  return {
    add(pieces: Piece[] = []): void {
      for (const { index, id, function: part } of pieces) {
        if (index >= MAX_CALLS) throw new Error("the model calls too many tools at once");
        const call = (calls[index] ??= { id: `call_${index}`, name: "", json: "" });
        if (id) call.id = id;
        call.name += part?.name ?? "";
        call.json += part?.arguments ?? "";
        if (call.json.length > MAX_CHARACTERS) throw new Error("the model's tool call is too long");
      }
    },
    list: (): ToolCall[] => calls.filter(Boolean),
  };
}
