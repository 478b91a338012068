/** A chat in a page of jsdom, whose proxy is played by the test. */
import { beforeAll, beforeEach, onTestFinished, vi } from "vitest";
import { launcher, strings } from "../../widget/locales/en.ts";
import type { PageOptions } from "../../widget/options.ts";
import type * as Panel from "../../widget/panel.tsx";
import { createWidget } from "../../widget/widget.ts";
import { settings } from "../unit/widget/settings.ts";
import "./set-up.ts";

export const PROXY = "https://chat.example.com/";
/** Without an answer of the test's there is no line. */
export const fetched = vi.fn<typeof fetch>();
export const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);

// Not each time anew, while a test waits for it.
beforeAll(() => import("../../widget/panel.tsx"));
beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  fetched.mockReset().mockRejectedValue(new TypeError("offline"));
  warn.mockClear();
  localStorage.clear();
});

type StartOptions = { isInline?: boolean; load?: () => Promise<typeof Panel> };

/** A page with the chat, whose files are those of the source. It ends with the test. */
export function start(options: PageOptions = {}, { isInline = false, load }: StartOptions = {}) {
  const host = document.createElement(isInline ? "lex-chat" : "lex-chat-widget");
  const recall = vi.fn(async (proxy?: string) =>
    (await import("../../widget/recall.ts")).recall(proxy, "en"),
  );
  const loadPanel = vi.fn(load ?? (() => import("../../widget/panel.tsx")));
  const handle = createWidget({
    host,
    options: { agentName: "Marlow", ...options },
    isInline,
    settings,
    base: PROXY,
    name: launcher.chat,
    load: async () => [await loadPanel(), { strings }],
    recall,
  });
  document.body.append(host);
  onTestFinished(handle.destroy);
  const root = host.shadowRoot as ShadowRoot;
  const button = root.querySelector(".launcher") as HTMLButtonElement;
  const panel = () => root.querySelector(".panel");
  const isOpen = () => panel()?.hasAttribute("open") ?? false;
  return { handle, host, isOpen, launcher: button, loadPanel, panel, recall, root };
}
