import { effect, signal } from "../signal.ts";
import type { Config } from "../config.ts";
import type { Chat } from "./chat.ts";

export type View = ReturnType<typeof createView>;

/** What is shown of the chat on this page, apart from the conversation itself. */
export function createView(chat: Chat, initial: Config) {
  const config = signal(initial);
  const isOpen = signal(false);
  /** Whether opening moves the focus: only a visitor's gesture may. */
  const takesFocus = signal(false);
  /** What is in the composer; kept while the panel is closed. */
  const draft = signal("");

  return {
    config,
    isOpen,
    takesFocus,
    draft,
    open(byGesture: boolean) {
      takesFocus.value = byGesture;
      isOpen.value = true;
      void chat.connect();
    },
    close: () => void (isOpen.value = false),
    /** What is on the screen is read. */
    dispose: effect(() => {
      if (isOpen.value) chat.markRead();
    }),
  };
}
