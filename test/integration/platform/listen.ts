import { EventSourceParserStream } from "eventsource-parser/stream";
import { onTestFinished } from "vitest";
import { connect } from "./start.ts";
import type { Json } from "./start.ts";

export type Frame = { event: string | undefined; data: Json };

/** An open event stream of a conversation. `until` reads on and gives everything it read so far. */
export async function listen(url: string, id: string, key?: string) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(`${url}/api/conversations/${id}/stream`, {
    headers: connect(url, key).headers,
    signal: abort.signal,
  });
  const frames: Frame[] = [];
  const reader = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();

  const next = async (): Promise<Frame | undefined> => {
    const result = await reader?.read();
    if (!result || result.done) return undefined;
    const frame = { event: result.value.event, data: JSON.parse(result.value.data) as Json };
    frames.push(frame);
    return frame;
  };

  return {
    response,
    frames,
    next,

    async until(isLast: (frame: Frame) => boolean): Promise<Frame[]> {
      for (let frame = await next(); frame; frame = await next()) {
        if (isLast(frame)) return frames;
      }
      throw new Error("the stream ended before what was waited for");
    },

    stop: () => abort.abort(),
  };
}

/** The end of an answer, in the `named` framing. */
export function isIdle({ event, data }: Frame): boolean {
  return event === "conversation:state" && data["state"] === "idle";
}
