/** What a page shows after the events of a stream: put together as the contract says, not by the widget. */
import type { ConversationEvent, ConversationState, Message } from "../../proxy/protocol.ts";

export type Shown = {
  state: ConversationState;
  messages: Array<Pick<Message, "id" | "role" | "content">>;
};

export function show(events: readonly ConversationEvent[]): Shown {
  let shown: Shown = { state: "idle", messages: [] };
  const put = (id: string, message: Shown["messages"][number]): void => {
    const index = shown.messages.findIndex((known) => known.id === id);
    if (index < 0) shown.messages.push(message);
    else shown.messages[index] = message;
  };
  const pick = ({ id, role, content }: Message) => ({ id, role, content });

  for (const { event, data } of events) {
    if (event === "conversation:init") {
      shown = { state: data.state, messages: data.messages.map(pick) };
      const { partial } = data;
      if (partial)
        put(partial.messageId, { id: partial.messageId, role: "assistant", content: partial.text });
    } else if (event === "message:new") {
      put(data.message.id, pick(data.message));
    } else if (event === "message:complete") {
      put(data.provisionalId ?? data.message.id, pick(data.message));
    } else if (event === "conversation:state") {
      shown.state = data.state;
    } else if (event === "message:chunk") {
      const known = shown.messages.find(({ id }) => id === data.messageId)?.content ?? "";
      if (data.offset > known.length) throw new Error(`a gap before ${data.offset}`);
      const content = known.slice(0, data.offset) + data.text;
      put(data.messageId, { id: data.messageId, role: "assistant", content });
    }
  }
  return shown;
}
