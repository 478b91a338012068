import type {
  BrandingResponse,
  HistoryResponse,
  OverviewResponse,
} from "../../../proxy/protocol.ts";
import { ChatError, toChatError } from "../../transport/errors.ts";

/** Longer than the proxy asks the configuration agent for the branding. */
const TIMEOUT_MS = 90_000;

/** What the page asks of the proxy with the owner's token. Calls reject with `ChatError`. */
export type Owner = {
  /** Kept here and nowhere else; the empty string forgets it. */
  use: (token: string) => void;
  overview: () => Promise<OverviewResponse>;
  /** Waits while the proxy asks the configuration agent. */
  branding: () => Promise<BrandingResponse>;
  history: () => Promise<HistoryResponse>;
  /** Opens a conversation with the configuration agent, and gives its id. */
  open: () => Promise<string>;
  /** The answer's stream. */
  tell: (conversation: string, message: string, signal: AbortSignal) => Promise<Response>;
};

type Call = { body?: object; method?: "GET" | "POST"; signal?: AbortSignal };

/** `base` is the proxy's address, with a slash at its end. */
export function createOwner({
  base,
  fetch: request = fetch.bind(globalThis),
}: {
  base: string;
  fetch?: typeof fetch;
}): Owner {
  let token = "";

  async function call(path: string, { body, method = "GET", signal }: Call = {}) {
    const response = await request(base + path, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body && { "Content-Type": "application/json" }),
      },
      // Of nothing it makes nothing.
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause;
      const message = "The proxy can't be reached.";
      throw new ChatError({ code: "network", message, retryable: true, cause });
    });
    if (!response.ok) throw await toOwnerError(response);
    return response;
  }

  const json = async <Answer>(path: string, options?: Call) =>
    (await (await call(path, options)).json()) as Answer;

  return {
    use: (given) => void (token = given),
    overview: () => json("manage/overview"),
    branding: () => json("manage/branding"),
    history: () => json("manage/history"),
    async open() {
      const { conversationId } = await json<{ conversationId: string }>(
        "api/management/conversations",
        { method: "POST" },
      );
      return conversationId;
    },
    tell: (conversation, message, signal) =>
      call(`api/management/conversations/${encodeURIComponent(conversation)}/messages`, {
        method: "POST",
        body: { message },
        signal,
      }),
  };
}

/** What Lexey's refusals mean. They come as they are, and their bodies are not documented. */
const LEXEY: Readonly<Record<number, ChatError["code"]>> = {
  400: "message_too_long",
  402: "platform_rejected_request",
  404: "conversation_not_found",
  409: "conversation_busy",
  429: "conversation_full",
};

async function toOwnerError(response: Response): Promise<ChatError> {
  const isOwn = response.headers.get("Content-Type")?.startsWith("application/problem+json");
  const code = LEXEY[response.status];
  if (isOwn || !code) return toChatError(response, "network");
  await response.body?.cancel();
  const message = `Lexey answered ${response.status}.`;
  return new ChatError({ code, message, retryable: response.status === 409 });
}
