import { createModel, effect, signal } from "@preact/signals";
import type { Config } from "../config.ts";
import type { Chat } from "./chat.ts";

/** What is shown of the chat on this page, apart from the conversation itself. */
export const ViewModel = createModel((chat: Chat, initial: Config) => {
  const config = signal(initial);
  const isOpen = signal(false);
  const takesFocus = signal(false);
  const draft = signal("");

  effect(() => {
    if (isOpen.value && chat.transcript.value.entries.length > 0) chat.markRead();
  });

  return {
    config,
    isOpen,
    /** Whether opening moves the focus: only a visitor's gesture may. */
    takesFocus,
    /** What is in the composer; kept while the panel is closed. */
    draft,
    open(byGesture: boolean) {
      takesFocus.value = byGesture;
      isOpen.value = true;
      chat.connect();
    },
    close: () => void (isOpen.value = false),
    type: (text: string) => void (draft.value = text),
    update: (next: Config) => void (config.value = next),
  };
});

export type View = InstanceType<typeof ViewModel>;
