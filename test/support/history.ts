/** Messages that a conversation of the demo's platform has had before, written into its database. */
import { randomUUID } from "node:crypto";
import { openStore } from "../../demo/platform/storage/store.ts";

/** How the text of the `number`th message begins. */
export const nameOfHistory = (number: number): string => `Message ${number}.`;

/** `handle` is the conversation's id as the browser has it. Questions and answers take turns. */
export function addHistory(file: string, handle: string, count: number): void {
  const [id = ""] = handle.split(".");
  const conversation = Buffer.from(id, "base64url").toString();
  const store = openStore(file);
  const start = Date.now();
  store.transact(() => {
    for (let number = 1; number <= count; number += 1) {
      store.messages.add(conversation, {
        id: randomUUID(),
        role: number % 2 === 1 ? "user" : "assistant",
        content: `${nameOfHistory(number)} It has **two** sentences and a [link](https://example.com/).`,
        created_at: new Date(start + number).toISOString(),
      });
    }
  });
  store.close();
}
