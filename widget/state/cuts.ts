import type { EventMap } from "../../proxy/protocol.ts";
import type { Store } from "../store.ts";

/** The oldest are forgotten. */
const KEPT = 20;

/** Where the visitor stopped answers: message id → UTF-16 units that were shown. */
export type Cuts = ReadonlyMap<string, number>;

/** All tabs of the browser share them. */
export const readCuts = (store: Store): Cuts => new Map(store.read().cuts);

/** Keeps where a stopped answer ended: the platform writes it to its end, and the proxy forgets. */
export function keepCut(
  store: Store,
  { message, provisionalId }: EventMap["message:complete"],
): void {
  const { cuts = [] } = store.read();
  const others = cuts.filter(([id]) => id !== message.id && id !== provisionalId);
  store.write({ cuts: [...others, [message.id, message.content.length] as const].slice(-KEPT) });
}
