import type { Message } from "../proxy/protocol.ts";
import type { Options } from "./options.ts";

/** What happens in a chat: the name of each event, and what its callback gets. */
export type ChatEvents = {
  /** The chat is on the page, and takes commands. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** A whole message, of either side; none that was there before. */
  message: Message;
  /** How many messages the visitor has not seen. */
  unread: number;
  /** What the visitor is told of, too. `code` is one of the proxy's, or `network`. */
  error: { code: string };
};

/**
 * What a page can ask of a chat. Nothing here throws or rejects. Each event is also a `CustomEvent`
 * `lex-chat:<name>` of the chat's element, which bubbles; `detail` is what a callback gets.
 */
export type ChatHandle = {
  /** Resolves when the panel is drawn. Moves the focus only when called by a visitor's gesture. */
  open(): Promise<void>;
  close(): void;
  toggle(): void;
  /** Opens the chat and sends `text` for the visitor: for who is signed in when it is loaded. */
  send(text: string): Promise<void>;
  /** Changes options at run time: all but `proxy` and `locale`. */
  update(options: Partial<Omit<Options, "proxy" | "locale">>): void;
  /** Returns the function that ends it. */
  on<Name extends keyof ChatEvents>(
    name: Name,
    hear: (detail: ChatEvents[Name]) => void,
  ): () => void;
  /**
   * Signs a visitor in by a JWT of the site's server, in all tabs. Nothing is left of who was there before,
   * unless that was the same person.
   */
  identify(jwt?: string): void;
  /** Nobody is signed in any more, in any tab; the chat is empty. */
  logout(): void;
  /** Removes everything; what the browser remembers of the visitor stays. */
  destroy(): void;
};
