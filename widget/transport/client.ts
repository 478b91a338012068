import type {
  MessagesResponse,
  ReplyRequest,
  ReplyResponse,
  SessionResponse,
  StopResponse,
} from "../../proxy/protocol.ts";
import type { Store } from "../store.ts";
import type * as Tabs from "../tabs/tabs.ts";
import { ChatError, toChatError } from "./errors.ts";
import { follow, type Listener, type Poll } from "./follow.ts";

const DAY = 24 * 3600_000;
/** Longer than the proxy may hold a message for a busy conversation: 30 s. */
const TIMEOUT = 60_000;
const PAGE = 30;

/** For a tab that can't speak to others. */
const alone: typeof Tabs = {
  oneAtATime: (_, task) => task(),
  shareAmongTabs: (stream, options) => stream(options),
};

/** Without TLS there are no locks. */
const loadTabs = async (): Promise<typeof Tabs> =>
  navigator.locks ? import("../tabs/tabs.ts").catch(() => alone) : alone;

export type SendRequest = {
  content: ReplyRequest["content"];
  /** Without it, that of the other tabs, or else a new one. */
  conversationId?: string | undefined;
  key: string;
};

/** Everything that the models ask of the proxy. Calls reject with `ChatError`. */
export type Transport = {
  /** `key` makes a repeated call harmless: the proxy forwards the message once. */
  send(request: SendRequest): Promise<ReplyResponse>;
  stop(conversation: string): Promise<StopResponse>;
  /** The newest messages, or those before message `before`. */
  messages(conversation: string, before?: string): Promise<MessagesResponse>;
  /** What is asked for on demand: `path` relative to the proxy; with a `body` it is a POST. */
  ask(path: string, body?: object): Promise<Response>;
  /** Follows a conversation until `signal` aborts; rejects when trying again is useless. */
  follow(conversation: string, listener: Listener, signal: AbortSignal): Promise<void>;
};

type Call = {
  body?: object | undefined;
  /** The Idempotency-Key of a message: what became of it is not known when nobody answers. */
  key?: string;
  lastEventId?: string | undefined;
  signal?: AbortSignal;
};

/** Opens the session of a visitor whom the site has signed in: `post` takes the site's word for it. */
export type Opener = (
  post: (identity: string) => Promise<SessionResponse>,
) => Promise<SessionResponse>;

/** `proxy` is a base URL. The visitor token is kept in `store` and asked for when first needed. */
export function createClient({
  proxy,
  store,
  open,
  scope,
  now = Date.now,
}: {
  proxy: string;
  store: Store;
  /** Absent: an anonymous visitor. */
  open?: Opener | "" | undefined;
  /** Once it aborts nothing is asked for any more: the chat is gone, or somebody else's. */
  scope?: AbortSignal;
  now?: () => number;
}): Transport {
  const tabs = loadTabs();
  let opening: Promise<string> | undefined;
  /** Aborted when a message is sent. */
  let sent = new AbortController();

  /** A call with a body is a POST. */
  async function call(path: string, token: string | undefined, options: Call) {
    const { body, key, lastEventId, signal = AbortSignal.timeout(TIMEOUT) } = options;
    const unanswered = key ? "send_outcome_unknown" : "network";
    const response = await fetch(proxy + path, {
      method: body ? "POST" : "GET",
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body && { "Content-Type": "application/json" }),
        ...(key && { "Idempotency-Key": key }),
        ...(lastEventId && { "Last-Event-ID": lastEventId }),
      },
      // Of nothing it makes nothing.
      body: JSON.stringify(body),
      // Firefox would have a second tab's stream wait for the end of the first one's, to use its copy.
      cache: "no-store",
      credentials: "omit",
      signal: scope?.aborted ? scope : signal,
    }).catch((cause: unknown) => {
      const message = "Nobody answers.";
      throw new ChatError({ code: unanswered, message, retryable: !key, cause });
    });
    if (!response.ok) throw await toChatError(response, unanswered);
    return response;
  }

  /** With the `valid` token, a fresh one for the same visitor; without, a new visitor. */
  async function openSession(old: string | undefined, valid?: string): Promise<string> {
    const { token } = store.read();
    // Another tab has opened one meanwhile.
    if (token && token !== old) return token;
    const post = async (identity?: string) =>
      (await (
        await call("api/session", token && valid, { body: { identity } })
      ).json()) as SessionResponse;
    const session = await (open ? open(post) : post());
    store.write({ token: session.token, issuedAt: now() });
    return session.token;
  }

  async function visitorToken(refused?: string): Promise<string> {
    const { token, issuedAt = 0 } = store.read();
    const valid = token === refused ? undefined : token;
    if (valid && now() - issuedAt < DAY) return valid;
    const task = () => openSession(token, valid);
    // Tabs of a visitor without a name share their session.
    opening ??= (
      open ? task() : tabs.then(({ oneAtATime }) => oneAtATime(`${proxy} session`, task))
    ).finally(() => (opening = undefined));
    return opening.catch((error: unknown) => {
      if (valid) return valid;
      throw error;
    });
  }

  /** A refused token is replaced once. If that makes a new visitor, old handles answer 404. */
  async function authorized(path: string, init: Call): Promise<Response> {
    // Whoever has deleted it all, in another tab, is no new visitor by what this one still follows.
    if (!store.read().token && /^api\/conversations\/(?!reply$)/.test(path)) {
      const message = "It is forgotten.";
      throw new ChatError({ code: "conversation_not_found", message, retryable: false });
    }
    const token = await visitorToken();
    return call(path, token, init).catch(async (error: ChatError) => {
      if (!error.code.startsWith("token_")) throw error;
      return call(path, await visitorToken(token), init);
    });
  }

  const json = async <Answer>(path: string, init: Call) =>
    (await (await authorized(path, init)).json()) as Answer;
  const at = (conversation: string) => `api/conversations/${encodeURIComponent(conversation)}`;

  return {
    async send({ key, ...body }) {
      const post = async () => {
        const reply = await json<ReplyResponse>("api/conversations/reply", { body, key });
        sent.abort();
        sent = new AbortController();
        return reply;
      };
      if (body.conversationId) return post();
      const { oneAtATime } = await tabs;
      return oneAtATime(proxy, () => {
        body.conversationId = store.read().conversation;
        return post();
      });
    },
    stop: (conversation) => json(`${at(conversation)}/stop`, { body: {} }),
    messages: (conversation, before) =>
      json(
        `${at(conversation)}/messages?limit=${PAGE}${before ? `&before=${encodeURIComponent(before)}` : ""}`,
        {},
      ),
    ask: (path, body) => authorized(path, { body }),
    async follow(conversation, listener, signal) {
      const connect = (lastEventId: string | undefined, signal: AbortSignal) =>
        authorized(`${at(conversation)}/stream`, { lastEventId, signal });
      const get = <Answer>(path: string, signal: AbortSignal) =>
        json<Answer>(`${at(conversation)}/${path}`, { signal });
      const poll: Poll = async (turn) =>
        (await import("./poll.ts")).poll({ get, onSent: () => sent.signal, ...turn });
      const { shareAmongTabs } = await tabs;
      await shareAmongTabs((options) => follow({ ...options, poll }), {
        name: proxy + conversation,
        connect,
        listener,
        signal,
      });
    },
  };
}
