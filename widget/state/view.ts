import type { Config } from "../config.ts";
import type { Chat } from "./chat.ts";
import { createModel } from "./model.ts";

export type ViewState = {
  config: Config;
  isOpen: boolean;
  /** Whether opening moves the focus: only a visitor's gesture may. */
  takesFocus: boolean;
  /** What is in the composer; kept while the panel is closed. */
  draft: string;
};

export type View = ReturnType<typeof createView>;

/** What is shown of the chat on this page, apart from the conversation itself. */
export function createView(chat: Chat, config: Config) {
  const model = createModel<ViewState>({ config, isOpen: false, takesFocus: false, draft: "" });
  const dispose = chat.watch(() => {
    if (model.state.isOpen) chat.markRead();
  });
  return {
    get state() {
      return model.state;
    },
    watch: model.watch,
    open(takesFocus: boolean) {
      model.change({ isOpen: true, takesFocus });
      chat.markRead();
      void chat.connect();
    },
    close: () => model.change({ isOpen: false }),
    type: (draft: string) => model.change({ draft }),
    update: (config: Config) => model.change({ config }),
    dispose,
  };
}
