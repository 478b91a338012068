import { findProgram } from "./find-program.ts";

/** Debian's Firefox or any other, or null. */
export const findFirefox = (): string | null =>
  findProgram("firefox-esr") ?? findProgram("firefox");

/** What drives WebKitGTK; null where that, or a screen for it, is missing. */
export const findWebKit = (): string | null =>
  findProgram("Xvfb") && findProgram("WebKitWebDriver");
