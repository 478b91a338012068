/** The webhook that `lex-chat webhook set` is to make, from what was typed and the settings. */
import { parseSettings } from "../../config.ts";
import { LEX_BODY_TEMPLATE, LEX_WEBHOOK_PATH, WEBHOOK_SECRET_HEADER } from "../../lex-webhook.ts";
import type { LexWebhook } from "../../platforms/lex-account.ts";
import { readAddress } from "../address.ts";
import type { Input } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";

/** Throws a `UsageError`, a `CommandError` or a `ConfigError`. */
export function readWebhook(input: Input): LexWebhook {
  const { publicUrl, webhookSecret } = parseSettings(["publicUrl", "webhookSecret"]);
  const own = publicUrl === null ? null : publicUrl + LEX_WEBHOOK_PATH;
  const [typed] = input.words;
  // With its query, which may be what lets Lex in.
  const url = readAddress(typed) === null ? own : new URL(typed ?? "").href;
  if (url === null)
    throw new CommandError(
      "PUBLIC_URL is not set, and no address is given",
      `set PUBLIC_URL, or give the address: https://chat.example.com${LEX_WEBHOOK_PATH}`,
    );
  const headers = Object.fromEntries(input.texts("header").map(readHeader));
  const template = input.text("template");
  if (new URL(url).pathname.endsWith(LEX_WEBHOOK_PATH)) {
    if (webhookSecret === null)
      throw new CommandError(
        "WEBHOOK_SECRET is not set, and the proxy takes no webhook without it",
        "make one with: openssl rand -hex 32; the proxy has to have the same",
      );
    headers[WEBHOOK_SECRET_HEADER] = webhookSecret;
  } else if (template === undefined) {
    throw new UsageError(
      `${url} is no chat proxy's webhook: that ends in ${LEX_WEBHOOK_PATH}`,
      `for something else say what it gets: --template '{"text": "{{message}}"}'`,
    );
  }
  const bodyTemplate = template === undefined ? LEX_BODY_TEMPLATE : readTemplate(template);
  return { url, method: "POST", headers, bodyTemplate };
}

function readHeader(typed: string): [name: string, value: string] {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(\S.*)$/.exec(typed) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  // Not what was typed: it is a secret, most likely.
  throw new UsageError("--header is no header", "--header 'X-Custom-Auth: the value'");
}

function readTemplate(typed: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(typed);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told as any other text that is no object.
  }
  throw new UsageError(
    `--template is ${JSON.stringify(typed)}, which is no JSON object`,
    `--template '{"text": "{{message}}"}'`,
  );
}
