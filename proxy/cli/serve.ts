import { setFlagsFromString } from "node:v8";
import { EXIT, type Command } from "./command.ts";

export const serve: Command = {
  takes: "",
  words: 0,
  summary: "runs the chat proxy",
  about: [
    "It answers the widget's calls, and keeps the platform's key. On SIGTERM, or Ctrl-C, it refuses new work, lets answers under way end, and exits with 0.",
  ],
  options: {},
  settings: [
    ["LEX_API_KEY", "Lex's key, which starts with lex2_; or"],
    ["LEXEY_CUSTOMER_KEY", "Lexey's customer key, which starts with lxc_"],
    ["SESSION_SECRET", "signs visitors' tokens: openssl rand -hex 32"],
    ["ALLOWED_ORIGINS", "the pages that may use the chat: https://www.example.com"],
    ["PORT, HOST", "where to listen (8787, 0.0.0.0)"],
  ],
  examples: ["lex-chat serve --settings .env"],

  async run() {
    keepMemorySmall();
    // Loaded when it is needed: most of a start is Express and Redis, which no other command uses.
    const { startServer } = await import("../server.ts");
    const server = await startServer();
    const { logger } = server.proxy;
    let isClosing = false;
    const close = async (): Promise<void> => {
      if (isClosing) return;
      isClosing = true;
      logger.info("closing: no new work, streams are ended");
      await server.close();
      process.exit(0);
    };
    process.on("SIGTERM", () => void close());
    process.on("SIGINT", () => void close());
    // Last: whoever has read this line may end the process at once.
    logger.info(`the chat proxy listens on ${server.url}`);
    return EXIT.ok;
  },
};

/**
 * A rush of visitors lets V8's young generation grow to 48 MB, which it keeps: for 2,000 idle viewers that
 * is half of all their memory. What lives short here is small, and costs no more time to collect without it.
 */
function keepMemorySmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
