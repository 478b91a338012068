/** What Lex's webhook has to be so that `POST /webhooks/lex` understands it. */

/** Below the address at which the proxy is reached. */
export const LEX_WEBHOOK_PATH = "/webhooks/lex";

/** Its value is `WEBHOOK_SECRET`: Lex signs nothing. */
export const WEBHOOK_SECRET_HEADER = "X-Webhook-Secret";

/** The least that the proxy needs: it reads the message itself. */
export const LEX_BODY_TEMPLATE = { conversationId: "{{conversationId}}" } as const;
