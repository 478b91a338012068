/** A platform as it is, with every call timed, every failure and every event counted. */
import {
  PlatformError,
  type Platform,
  type PlatformEvent,
  type PlatformFailure,
} from "./platform.ts";

export type PlatformCall =
  | "open"
  | "send"
  | "stream"
  | "messages"
  | "state"
  | "recent"
  | "overview";

export type PlatformObserver = {
  /** Seconds until the answer was there; for a stream, until it was open. */
  called: (call: PlatformCall, seconds: number) => void;
  failed: (call: PlatformCall, failure: PlatformFailure) => void;
  received: (type: PlatformEvent["type"]) => void;
};

export function observePlatform(platform: Platform, observer: PlatformObserver): Platform {
  async function timed<Result>(call: PlatformCall, run: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const result = await counted(call, run);
    observer.called(call, (performance.now() - startedAt) / 1000);
    return result;
  }

  async function counted<Result>(call: PlatformCall, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof PlatformError) observer.failed(call, error.failure);
      throw error;
    }
  }

  return {
    name: platform.name,
    opensConversations: platform.opensConversations,
    newConversationId: () =>
      platform.opensConversations
        ? timed("open", platform.newConversationId)
        : platform.newConversationId(),
    send: (id, content) => timed("send", () => platform.send(id, content)),
    messages: (id, query) => timed("messages", () => platform.messages(id, query)),
    state: (id) => timed("state", () => platform.state(id)),
    recent: () => timed("recent", () => platform.recent()),
    overview: (id) => timed("overview", () => platform.overview(id)),

    stream(id, handlers, signal) {
      const startedAt = performance.now();
      const watching = {
        ...handlers,
        onOpen() {
          observer.called("stream", (performance.now() - startedAt) / 1000);
          handlers.onOpen();
        },
        onEvent(event: PlatformEvent) {
          observer.received(event.type);
          handlers.onEvent(event);
        },
      };
      return counted("stream", () => platform.stream(id, watching, signal));
    },
  };
}
