export type { Breaks } from "./breaks.ts";
export { createPlatform } from "./platform.ts";
export type { Log, Platform } from "./platform.ts";
export type { LlmSettings, PlatformOptions } from "./settings.ts";
