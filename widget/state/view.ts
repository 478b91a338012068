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
  const { store } = chat;
  /** What is in the composer. It survives the page once the visitor has sent something. */
  const draft = signal(store.read().draftText ?? "");
  const stops = [
    effect(() => {
      if (isOpen.value) chat.markRead();
    }),
    effect(() => {
      const text = draft.value;
      const { token, draftText = "" } = store.read();
      if (token && text !== draftText) store.write({ draftText: text });
    }),
  ];

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
    dispose(): void {
      for (const stop of stops) stop();
    },
  };
}
