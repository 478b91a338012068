/** WebKit as GTK has it: the engine of Safari, without what Apple puts around it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findWebKit } from "./find-browser.ts";
import { findPort, findProgram, makeFolder, runDaemon } from "./programs.ts";
import { eventually } from "./proxy.ts";
import { createDriver, type Driver, type Send } from "./webdriver.ts";

const ENDPOINTS: Record<string, [method: "GET" | "POST" | "DELETE", path: string]> = {
  Navigate: ["POST", "url"],
  Refresh: ["POST", "refresh"],
  ExecuteScript: ["POST", "execute/sync"],
  PerformActions: ["POST", "actions"],
  GetComputedLabel: ["GET", "element/{id}/computedlabel"],
  SetWindowRect: ["POST", "window/rect"],
  NewWindow: ["POST", "window/new"],
  GetWindowHandles: ["GET", "window/handles"],
  SwitchToWindow: ["POST", "window"],
  CloseWindow: ["DELETE", "window"],
  TakeScreenshot: ["GET", "screenshot"],
};

/** Runs until the test file ends. */
export async function launchWebKit(): Promise<Driver> {
  const folder = makeFolder();
  mkdirSync(join(folder, ".config/gtk-3.0"), { recursive: true });
  const settings = "[Settings]\ngtk-enable-animations=0\n";
  writeFileSync(join(folder, ".config/gtk-3.0/settings.ini"), settings);
  const DISPLAY = await startScreen();
  const port = await findPort();
  const program = findWebKit() ?? "WebKitWebDriver";
  runDaemon(program, [`--port=${port}`], { folder, environment: { DISPLAY } });
  const url = `http://127.0.0.1:${port}`;

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(url + path, init);
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`WebKit: ${JSON.stringify(value)}`);
    return value;
  }

  await eventually("WebKitWebDriver", () => call("GET", "/status").catch(() => undefined));
  const session = (await call("POST", "/session", { capabilities: {} })) as { sessionId: string };
  const send: Send = (command, parameters = {}) => {
    const [method, path] = ENDPOINTS[command] ?? ["POST", command];
    const place = path.replace("{id}", () => `${parameters["id"]}`);
    const body = method === "POST" ? parameters : undefined;
    return call(method, `/session/${session.sessionId}/${place}`, body);
  };
  return createDriver(send);
}

/** WebKit needs one, also if nobody looks at it. Returns its name. */
function startScreen(): Promise<string> {
  const options = ["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"];
  const { output } = runDaemon(findProgram("Xvfb") ?? "Xvfb", options, { folder: makeFolder() });
  return eventually("Xvfb", () => {
    const number = /^(\d+)$/m.exec(output())?.[1];
    return number && `:${number}`;
  });
}
