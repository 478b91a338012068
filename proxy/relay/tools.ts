/** What is told of the tools that an answer uses. */
import { randomUUID } from "node:crypto";
import type { PlatformEvent } from "../platforms/platform.ts";
import type { ConversationEvent } from "../protocol.ts";

/** Names are kept for as long as a tool runs, and shown in one line. */
const MAX_NAME_CHARACTERS = 200;

type Use = Extract<PlatformEvent, { type: "tool-use" }>;
type Result = Extract<PlatformEvent, { type: "tool-result" }>;

export type Tools = {
  use: (event: Use, messageId: string) => ConversationEvent;
  result: (event: Result) => ConversationEvent;
};

/** Inputs and results may hold other people's data: they are left out without `toolDetails`. */
export function createTools(toolDetails: boolean): Tools {
  /** A result without an id is the last tool's. */
  let lastId = "";

  return {
    use(event, messageId) {
      lastId = event.toolUseId ?? randomUUID();
      const name = event.name.slice(0, MAX_NAME_CHARACTERS);
      const details = toolDetails ? { input: event.input } : {};
      return {
        event: "message:tool_use",
        data: { messageId, toolUseId: lastId, name, ...details },
      };
    },

    result(event) {
      const details = toolDetails ? { result: event.result } : {};
      return {
        event: "message:tool_result",
        data: { toolUseId: event.toolUseId ?? lastId, ok: event.ok, ...details },
      };
    },
  };
}
