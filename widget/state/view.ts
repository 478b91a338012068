import { effect, signal } from "@preact/signals-core";
import type { Config } from "../config.ts";
import type { Chat } from "./chat.ts";

export type View = ReturnType<typeof createView>;

/** What is shown of the chat on this page, apart from the conversation itself. `scope` is the panel's life. */
export function createView(chat: Chat, initial: Config, scope?: AbortController) {
  const config = signal(initial);
  const isOpen = signal(false);
  /** Whether opening moves the focus: only a visitor's gesture may. */
  const takesFocus = signal<boolean | undefined>(false);
  const { store } = chat;
  /** What is in the composer. It survives the page once the visitor has sent something. */
  const draft = signal(store.read().draftText ?? "");
  /** The visitor has to agree to the page's terms before the first message. */
  const needsConsent = signal(initial.consent !== "" && !store.read().hasConsented);
  const isVisible = signal(!document.hidden);
  const look = () => void (isVisible.value = !document.hidden);
  document.addEventListener("visibilitychange", look, scope);

  const stops = [
    // What is on the screen is read, unless nobody looks at this tab.
    effect(() => {
      if (isOpen.value && isVisible.value) chat.markRead();
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
    needsConsent,
    /** What can't be sent before the visitor agrees waits in the composer. */
    async send(text: string): Promise<void> {
      draft.value = needsConsent.value ? text : "";
      if (!needsConsent.value) await chat.send(text);
    },
    open(byGesture: boolean | undefined) {
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
