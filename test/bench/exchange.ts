import { splitTokens } from "../../demo/platform/agent/tokens.ts";
import { QUESTION } from "./article.ts";
import { send, settle, type Api } from "./api.ts";
import { median } from "./statistics.ts";
import type { System } from "./systems.ts";
import { readCpu } from "./usage.ts";
import { openViewer, type Delivery, type Viewer } from "./viewer.ts";

/** So many conversations at the same time, each seen by so many viewers. */
export type Scenario = { title: string; conversations: number; viewers: number };

/** Milliseconds since the send; CPU in milliseconds, null where it can't be read. */
export type Exchange = {
  /** Of the answer. */
  tokens: number;
  accepted: number;
  /** Of the viewer in the middle. */
  firstToken: number;
  /** Of the last viewer. */
  complete: number;
  /** Of each viewer. */
  events: number;
  bytes: number;
  cpu: number | null;
  platformCpu: number | null;
};

type Conversation = { id: string; viewers: Viewer[] };
/** Times in milliseconds since the send. */
type Sent = {
  accepted: number;
  firstTokens: number[];
  completes: number[];
  deliveries: Delivery[];
};

/** One question in each of new conversations, answered to all their viewers. */
export async function measureExchange(
  system: System,
  platformPid: number,
  scenario: Scenario,
): Promise<Exchange> {
  const { api, pid } = system;
  const conversations = await Promise.all(
    Array.from({ length: scenario.conversations }, () => openConversation(system, scenario)),
  );
  try {
    const cpu = startCpu(pid);
    const platformCpu = startCpu(platformPid);
    const sent = await Promise.all(conversations.map((conversation) => ask(api, conversation)));
    const used = { cpu: cpu(), platformCpu: platformCpu() };
    const deliveries = sent.flatMap(({ deliveries }) => deliveries);
    return {
      tokens: splitTokens(deliveries[0]?.text ?? "").length,
      accepted: median(sent.map(({ accepted }) => accepted)),
      firstToken: median(sent.flatMap(({ firstTokens }) => firstTokens)),
      complete: Math.max(...sent.flatMap(({ completes }) => completes)),
      events: median(deliveries.map(({ events }) => events)),
      bytes: median(deliveries.map(({ bytes }) => bytes)),
      ...used,
    };
  } finally {
    for (const { viewers } of conversations) for (const viewer of viewers) viewer.close();
  }
}

/** A first exchange opens it, so that the measured one meets a conversation that is there and idle. */
async function openConversation(system: System, { viewers }: Scenario): Promise<Conversation> {
  const { api, newConversationId } = system;
  const id = await send(api, "Hello", newConversationId());
  await settle(api, id);
  const opened = await Promise.all(Array.from({ length: viewers }, () => openViewer(api, id)));
  return { id, viewers: opened };
}

async function ask(api: Api, { id, viewers }: Conversation): Promise<Sent> {
  const sentAt = performance.now();
  const answers = Promise.all(viewers.map((viewer) => viewer.nextAnswer()));
  await send(api, QUESTION, id);
  const accepted = performance.now() - sentAt;
  const deliveries = await answers;
  return {
    accepted,
    firstTokens: deliveries.map(({ firstAt }) => firstAt - sentAt),
    completes: deliveries.map(({ completeAt }) => completeAt - sentAt),
    deliveries,
  };
}

/** Returns the function that tells what was used since. */
function startCpu(pid: number | null): () => number | null {
  const read = (): number | null => (pid === null ? null : readCpu(pid));
  const before = read();
  return () => {
    const after = read();
    return before === null || after === null ? null : after - before;
  };
}
