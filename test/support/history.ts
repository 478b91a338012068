/** Messages that a conversation of the demo's platform has had before, written into its database. */
import { openStore } from "../../demo/platform/storage/store.ts";

/** `handle` is the conversation's id as the browser has it. Questions and answers take turns. */
export function addHistory(file: string, handle: string, count: number): void {
  const [id = ""] = handle.split(".");
  const conversation = Buffer.from(id, "base64url").toString();
  const store = openStore(file);
  const start = Date.now();
  store.transact(() => {
    for (let index = 1; index <= count; index += 1) {
      store.messages.add(conversation, {
        id: `history-${index}`,
        role: index % 2 === 1 ? "user" : "assistant",
        content: `Message ${index}. It has **two** sentences and a [link](https://example.com/).`,
        created_at: new Date(start + index).toISOString(),
      });
    }
  });
  store.close();
}
