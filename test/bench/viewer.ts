import type { EventSourceMessage } from "eventsource-parser";
import { listen, type Api } from "./api.ts";

/** How one answer came to one viewer; times as of `performance.now()`. */
export type Delivery = {
  text: string;
  firstAt: number;
  completeAt: number;
  events: number;
  bytes: number;
};

/** An open stream that has had its snapshot. */
export type Viewer = {
  /** The next answer. Rejects when its chunks are not the text that it ends with. */
  nextAnswer: () => Promise<Delivery>;
  close: () => void;
};

/** Resolves with the snapshot. Parses no event while an answer runs: the reader should cost little. */
export function openViewer(api: Api, conversationId: string): Promise<Viewer> {
  return new Promise((resolve, reject) => {
    let onAnswer = (_delivery: Delivery): void => undefined;
    let onFailure: (reason: Error) => void = reject;
    let chunks: string[] = [];
    let delivery = createDelivery();

    const nextAnswer = (): Promise<Delivery> =>
      new Promise((resolve, reject) => {
        chunks = [];
        delivery = createDelivery();
        onAnswer = resolve;
        onFailure = reject;
      });

    function onEvent({ event, data }: EventSourceMessage): void {
      delivery.events += 1;
      if (event === "conversation:init") resolve({ nextAnswer, close });
      if (event === "message:chunk" && chunks.push(data) === 1) {
        delivery.firstAt = performance.now();
      }
      if (event !== "message:complete") return;
      delivery.completeAt = performance.now();
      delivery.text = chunks.map(readChunk).join("");
      if (delivery.text !== "" && delivery.text === readComplete(data)) onAnswer(delivery);
      else onFailure(new Error("The chunks of an answer are not its text."));
    }

    const close = listen(api, conversationId, {
      onBytes: (count) => (delivery.bytes += count),
      onEvent,
      onEnd: (reason) => onFailure(reason),
    });
  });
}

function createDelivery(): Delivery {
  return { text: "", firstAt: 0, completeAt: 0, events: 0, bytes: 0 };
}

const readChunk = (data: string): string => (JSON.parse(data) as { text: string }).text;

/** The platform tells the message flat, the proxy in a field. */
function readComplete(data: string): string | undefined {
  const { content, message } = JSON.parse(data) as {
    content?: string;
    message?: { content: string };
  };
  return message?.content ?? content;
}
