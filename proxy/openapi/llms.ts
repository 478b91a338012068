/** `/llms.txt`: how to put the chat on a page and how to call the proxy, on one page. */
import { PATHS } from "./document.ts";

/** `address` is the proxy's own, absolute, without a slash at the end. */
export const createLlmsText = (address: string): string => `# lex-chat proxy

> Puts an agent (Lex or Lexey) in front of a site's visitors. The proxy at ${address} holds the platform's
> key and streams the answers; a page needs one script tag, or a few calls. All of it: ${address}/openapi.json (OpenAPI 3.1).

## On a page

The page's origin has to be in the proxy's ALLOWED_ORIGINS. All attributes are optional and win over the proxy's settings.

    <script async src="${address}/widget.js"
      data-agent-name="Acme Support" data-primary-color="#2563EB"
      data-welcome-heading="Need help with Acme?" data-welcome-subheading="We answer at once."
      data-suggestions="Where is my order?|How do I return something?"></script>

More attributes: data-theme (auto, light, dark), data-position (right, left), data-offset, data-z-index (numbers), data-locale.
From scripts: LexChat("open"), "close", "toggle", "destroy"; LexChat("send", text); LexChat("update", {welcomeHeading, primaryColor, …}).
Content Security Policy: allow ${address} in script-src and connect-src; nothing inline is used.

## Calls

${calls()}

## A conversation

1. POST /api/session with the page's Origin → {token}. Send it as "Authorization: Bearer <token>" from then on, never in a URL; with
   "Origin" on every POST, since tokens belong to one origin. It lasts 30 days; on 401 token_expired ask for another.
2. POST /api/conversations/reply {"content": "…"} with a new Idempotency-Key (a UUID) → 202 {messageId, conversationId}. Repeat a send that got
   no answer with the same key. Give conversationId in the next message: {"content": "…", "conversationId": "…"}.
3. GET /api/conversations/{conversationId}/stream (server-sent events, "event:" is the name, "data:" JSON):
   conversation:init {state, status, messages, partial, tools?, hasMore} replaces everything; message:chunk {messageId, offset, text} is text at offset;
   message:complete {message} is the whole answer and replaces the chunks; error {code, message, retryable} ends an answer that failed;
   conversation:status {status: "escalated"} means a person takes over. Reconnect with Last-Event-ID.
   Without streams: GET …/messages?since=<last message id> every few seconds while GET …/status says active.

## Errors

application/problem+json {status, code, detail, retryable, field?, retryAfter?, requestId}. Decide by "code", never by the text. With
retryable true wait retryAfter seconds and repeat; else repair the request. 403 origin_not_allowed: add the origin to ALLOWED_ORIGINS.
429 conversation_full: start a new conversation. 502 send_outcome_unknown: read the messages before sending again.
`;

const calls = (): string =>
  Object.entries(PATHS)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { summary }]) => `- ${method.toUpperCase()} ${path}: ${summary}`,
      ),
    )
    .join("\n");
