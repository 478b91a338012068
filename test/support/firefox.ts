/** The Firefox that people have, by Marionette, which is its own WebDriver (geckodriver is a layer on it). */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { closeLater } from "./close-later.ts";
import { findFirefox } from "./find-browser.ts";
import { makeFolder, runDaemon } from "./programs.ts";
import { eventually } from "./proxy.ts";
import { createDriver, type Driver, type Send } from "./webdriver.ts";

/** `about:config`. */
const PREFERENCES = { "marionette.port": 0, "ui.prefersReducedMotion": 1 };

/** Runs until the test file ends. */
export async function launchFirefox(): Promise<Driver> {
  const folder = makeFolder();
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref("${name}", ${value});\n`,
  );
  writeFileSync(join(folder, "user.js"), lines.join(""));
  const options = ["--headless", "--marionette", "--no-remote", "--profile", folder];
  runDaemon(findFirefox() ?? "firefox", options, { folder });
  const file = join(folder, "MarionetteActivePort");
  const port = await eventually("Firefox", () =>
    existsSync(file) ? Number(readFileSync(file, "utf8")) || undefined : undefined,
  );
  const socket = connect(port, "127.0.0.1");
  closeLater(() => socket.destroy());
  const send = speak(socket);
  await send("NewSession", { capabilities: {} });
  return createDriver(send);
}

/** `[type, id, error, result]`. */
type Answer = [1, number, { error: string; message: string } | null, unknown];

/** Marionette's messages: JSON after its length in bytes and a colon; answers come under the number of the command. */
function speak(socket: Socket): Send {
  const waiting = new Map<number, (answer: Answer) => void>();
  let received = Buffer.alloc(0);
  let count = 0;

  socket.on("data", (data) => {
    received = Buffer.concat([received, data]);
    for (;;) {
      const start = received.indexOf(":") + 1;
      const end = start + Number(received.toString("latin1", 0, start - 1));
      if (start === 0 || received.length < end) return;
      const message = JSON.parse(received.toString("utf8", start, end)) as Answer | object;
      received = received.subarray(end);
      // The first one greets.
      if (Array.isArray(message)) waiting.get(message[1])?.(message as Answer);
    }
  });

  return (command, parameters = {}) =>
    new Promise((resolve, reject) => {
      count += 1;
      waiting.set(count, ([, id, error, result]) => {
        waiting.delete(id);
        const { value } = (result ?? {}) as { value?: unknown };
        if (error) reject(new Error(`Firefox: ${error.error}: ${error.message}`));
        else resolve(value === undefined ? result : value);
      });
      const message = JSON.stringify([0, count, `WebDriver:${command}`, parameters]);
      socket.write(`${Buffer.byteLength(message)}:${message}`);
    });
}
