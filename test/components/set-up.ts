import { cleanup } from "@testing-library/preact";
import { afterEach, beforeEach, vi } from "vitest";

/** What jsdom does not have: layout, media queries and frames, which are drawn at once here. */
beforeEach(() => {
  let now = 0;
  vi.stubGlobal("requestAnimationFrame", (draw: FrameRequestCallback) => draw((now += 1000)));
  vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: false }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  Element.prototype.scrollTo = () => undefined;
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
