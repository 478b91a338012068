import { openLex, type LexAccess } from "../access.ts";

/** Throws a `ConfigError`, or a `CommandError` on Lexey. */
export const openConversations = (command: string): LexAccess =>
  openLex(command, "Lexey's own Conversations tab lists them: its API has no such call");
