import type { Branding } from "../proxy/protocol.ts";

/** What a page can ask of a chat. Nothing here throws. */
export type ChatHandle = {
  /** Moves the focus only when called by a visitor's gesture. */
  open(): void;
  close(): void;
  toggle(): void;
  /** Opens the chat and sends `text` for the visitor. */
  send(text: string): void;
  /** Changes the branding at run time. */
  update(branding: Partial<Branding>): void;
  /** Removes everything; what the browser remembers of the visitor stays. */
  destroy(): void;
};
