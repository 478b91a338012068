import { onTestFinished, vi } from "vitest";

/** What Node lacks of a page: somebody looks at it, or nobody. For one test. */
export function stubPage() {
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", page);
  onTestFinished(() => void vi.unstubAllGlobals());
  return {
    show(isShown: boolean): void {
      page.hidden = !isShown;
      page.dispatchEvent(new Event("visibilitychange"));
    },
  };
}
