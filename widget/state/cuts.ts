import type { EventMap } from "../../proxy/protocol.ts";
import type { Store } from "../store.ts";

/** The oldest are forgotten. */
const KEPT = 20;

/** Where the visitor stopped an answer: UTF-16 units that were shown of message `id`. */
export type Cuts = (id: string) => number | undefined;

/** Those of one conversation, as they are at the first look. All tabs of the browser share them. */
export function readCuts(store: Store, conversation: string | undefined): Cuts {
  let cuts: ReadonlyMap<string, number> | undefined;
  return (id) => (cuts ??= new Map(store.read().cuts)).get(`${conversation} ${id}`);
}

/** Keeps where a stopped answer ended: the platform writes it to its end, and the proxy forgets. */
export function keepCut(
  store: Store,
  conversation: string | undefined,
  { message, provisionalId }: EventMap["message:complete"],
): void {
  const { cuts = [] } = store.read();
  const name = `${conversation} ${message.id}`;
  const others = cuts.filter(
    ([other]) => other !== name && other !== `${conversation} ${provisionalId}`,
  );
  store.write({ cuts: [...others, [name, message.content.length] as const].slice(-KEPT) });
}
