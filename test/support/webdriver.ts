/** Windows of a browser that Playwright can't drive, by the commands of WebDriver (https://www.w3.org/TR/webdriver2). */
import { eventually } from "./proxy.ts";

/** One command, in the words of Firefox's Marionette; `webkit.ts` has a path for each. */
export type Send = (command: string, parameters?: Record<string, unknown>) => Promise<unknown>;

/** What keys that write nothing are called in `type` (§ 17.4.2). */
export const KEYS = {
  enter: "\uE007",
  shift: "\uE008",
  escape: "\uE00C",
  tab: "\uE004",
  up: "\uE013",
};

/** Runs in the page: it knows nothing of what is around it here. */
type Script<Given extends unknown[], Result> = (...given: Given) => Result;

export type Driver = {
  goto: (url: string) => Promise<unknown>;
  reload: () => Promise<unknown>;
  run: <Given extends unknown[], Result>(
    script: Script<Given, Result>,
    ...given: Given
  ) => Promise<Result>;
  /** Runs it again until it gives something. */
  until: <Given extends unknown[], Result>(
    script: Script<Given, Result>,
    ...given: Given
  ) => Promise<NonNullable<Result>>;
  /** What assistive technology calls the element that the script gives. */
  nameOf: <Given extends unknown[]>(
    script: Script<Given, Element | null | undefined>,
    ...given: Given
  ) => Promise<string>;
  /** With the mouse, in CSS pixels from the window's corner. */
  click: (point: { x: number; y: number }) => Promise<unknown>;
  /** Key by key, while `held` is down. */
  type: (keys: string, held?: string) => Promise<unknown>;
  /** With what the window has around the page. */
  resize: (width: number, height: number) => Promise<unknown>;
  /** The windows are one visitor's, and each is in sight. */
  openWindow: () => Promise<string>;
  /** Whose page all else is about. */
  windows: () => Promise<string[]>;
  /** This one; the next to switch to is for the caller to say. */
  closeWindow: () => Promise<unknown>;
  switchTo: (window: string) => Promise<unknown>;
  screenshot: () => Promise<Buffer>;
};

/** Speaks through `send`, which rejects with what the browser says. */
export function createDriver(send: Send): Driver {
  const execute = (script: object, args: unknown[]): Promise<unknown> => {
    const source = `return (${script as unknown as string}).apply(null, arguments)`;
    // Firefox would put a sandbox around it.
    return send("ExecuteScript", { script: source, args, sandbox: null });
  };
  const act = (type: "key" | "pointer", actions: object[]): Promise<unknown> =>
    send("PerformActions", { actions: [{ id: type, type, actions }] });

  const driver: Driver = {
    goto: (url) => send("Navigate", { url }),
    reload: () => send("Refresh"),
    run: async <Given extends unknown[], Result>(script: Script<Given, Result>, ...given: Given) =>
      (await execute(script, given)) as Result,
    until: (script, ...given) =>
      eventually(
        `${script} of ${given}`,
        async () => (await driver.run(script, ...given)) || undefined,
      ),
    async nameOf(script, ...given) {
      const [id] = Object.values((await execute(script, given)) as Record<string, string>);
      return (await send("GetComputedLabel", { id })) as string;
    },
    click: ({ x, y }) =>
      act("pointer", [
        { type: "pointerMove", x: Math.round(x), y: Math.round(y), duration: 0 },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ]),
    type: (keys, held = "") =>
      act("key", [
        ...[...held].map((value) => ({ type: "keyDown", value })),
        ...[...keys].flatMap((value) => ["keyDown", "keyUp"].map((type) => ({ type, value }))),
        ...[...held].map((value) => ({ type: "keyUp", value })),
      ]),
    resize: (width, height) => send("SetWindowRect", { width, height }),
    async openWindow() {
      const { handle } = (await send("NewWindow", { type: "window" })) as { handle: string };
      await driver.switchTo(handle);
      return handle;
    },
    windows: async () => (await send("GetWindowHandles")) as string[],
    closeWindow: () => send("CloseWindow"),
    switchTo: (handle) => send("SwitchToWindow", { handle }),
    screenshot: async () =>
      Buffer.from((await send("TakeScreenshot", { full: false })) as string, "base64"),
  };
  return driver;
}
