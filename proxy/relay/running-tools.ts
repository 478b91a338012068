/** Which tools the answer under way uses right now, from what viewers were told. Pure. */
import type { ConversationEvent, RunningTool } from "../protocol.ts";

/** A platform may tell of no results at all. */
const MAX_TOOLS = 20;

/** `tools` after one more event; the same array when nothing has changed. */
export function foldTools(
  tools: readonly RunningTool[],
  event: ConversationEvent,
): readonly RunningTool[] {
  switch (event.event) {
    case "message:tool_use": {
      const { messageId, toolUseId, name } = event.data;
      const others = without(tools, toolUseId);
      return [...others, { messageId, toolUseId, name }].slice(-MAX_TOOLS);
    }
    case "message:tool_result":
      return without(tools, event.data.toolUseId);
    case "conversation:init":
      return event.data.tools ?? none(tools);
    case "conversation:state":
      return event.data.state === "idle" ? none(tools) : tools;
    // An agent writes on when it has the results.
    case "message:chunk":
    case "message:complete":
    case "error":
      return none(tools);
    default:
      return tools;
  }
}

const none = (tools: readonly RunningTool[]): readonly RunningTool[] =>
  tools.length === 0 ? tools : [];

function without(tools: readonly RunningTool[], toolUseId: string): readonly RunningTool[] {
  const others = tools.filter((tool) => tool.toolUseId !== toolUseId);
  return others.length === tools.length ? tools : others;
}
