/** What a developer may import from `lex-chat/proxy`. */
export { createChatProxy, type ChatProxy, type ChatProxyOptions } from "./app.ts";
export { ConfigError } from "./config.ts";
export type * from "./protocol.ts";
export type { Feedback } from "./routes/conversations.ts";
export { startServer, type ProxyServer } from "./server.ts";
export { signIdentity } from "./visitors/identity.ts";
