import { parseArgs } from "node:util";
import { createPlatform } from "./platform.ts";
import { SETTINGS } from "./settings.ts";

const flags = Object.keys(SETTINGS).filter((name) => name !== "llm");

try {
  const { help, ...options } = readFlags();
  if (help === true) {
    console.log(describe());
  } else {
    const platform = await createPlatform(
      { port: 4100, ...options, llm: readLlm() },
      console.error,
    );
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => void platform.close());
    }
    console.log(`The demo platform listens at ${platform.url}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function readFlags() {
  const text = { type: "string" } as const;
  const options = Object.fromEntries(flags.map((name) => [name, text]));
  return parseArgs({ options: { ...options, help: { type: "boolean", short: "h" } } }).values;
}

/** Null when none of the variables is set; some of them alone are a mistake that start-up reports. */
function readLlm() {
  const { LLM_BASE_URL: baseUrl, LLM_API_KEY: apiKey, LLM_MODEL: model } = process.env;
  return baseUrl || apiKey || model
    ? { baseUrl: baseUrl ?? "", apiKey: apiKey ?? "", model: model ?? "" }
    : null;
}

function describe(): string {
  const lines = flags.map((name) => {
    const { fallback, help } = SETTINGS[name as keyof typeof SETTINGS];
    return `  --${name.padEnd(26)}${help} (${name === "port" ? 4100 : (fallback ?? "none")})`;
  });
  return `Runs a local platform that speaks the APIs of Lex and Lexey.\n\nnode demo/platform/cli.ts [options]\n\n${lines.join("\n")}\n\nLLM_BASE_URL, LLM_API_KEY and LLM_MODEL let a language model answer from the same articles.`;
}
