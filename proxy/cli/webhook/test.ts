import { PlatformError } from "../../platforms/platform.ts";
import { EXIT, JSON_OPTION, toJson, type Command } from "../command.ts";
import { CommandError } from "../errors.ts";
import { explained } from "../explain.ts";
import { KEY_SETTING, openWebhook } from "./access.ts";
import { toShown } from "./text.ts";

/** What a status of the webhook's server means when that is this proxy. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: "its body has no conversationId: lex-chat webhook set --replace",
  401: "the secret is another one than the proxy's WEBHOOK_SECRET: lex-chat webhook set --replace",
  403: "the secret is another one than the proxy's WEBHOOK_SECRET: lex-chat webhook set --replace",
  404: "the address is wrong, or the proxy runs without WEBHOOK_SECRET",
};

export const webhookTest: Command = {
  takes: "",
  words: 0,
  summary: "lets Lex send a test to the webhook",
  about: [
    "It prints the status that the webhook's server has answered with, and exits with 1 unless that is a success.",
  ],
  options: { json: JSON_OPTION },
  settings: [KEY_SETTING],
  examples: ["lex-chat webhook test"],

  async run(input, terminal) {
    const { account, asked } = openWebhook("test");
    const webhook = await explained(asked, account.webhook);
    if (!webhook) throw new CommandError("no webhook is set", "to set one: lex-chat webhook set");
    const { url } = toShown(webhook, null);
    const status = await explained(asked, () =>
      account.testWebhook().catch((error: unknown) => {
        throw isGatewayError(error) ? unreached(url) : error;
      }),
    );
    const ok = status !== null && status >= 200 && status < 300;
    if (input.flag("json")) terminal.print(toJson({ url, status, ok }));
    else if (ok) terminal.print(`${url} answers ${status}.`);
    if (ok) return EXIT.ok;
    throw new CommandError(
      status === null ? `Lex does not say what ${url} answers` : `${url} answers ${status}`,
      MEANINGS[status ?? 0] ?? "see the log of what listens there",
    );
  },
};

/** Lex itself was reached, and what it called was not. */
const isGatewayError = (error: unknown): boolean =>
  error instanceof PlatformError && (error.status === 502 || error.status === 504);

const unreached = (url: string): CommandError =>
  new CommandError(`Lex gets no answer from ${url}`, "it has to be reachable from the internet");
