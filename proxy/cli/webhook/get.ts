import { EXIT, JSON_OPTION, toJson, type Command } from "../command.ts";
import { explained } from "../explain.ts";
import { KEY_SETTING, openWebhook, readSecret, SECRET_SETTING } from "./access.ts";
import { describeWebhook, toShown } from "./text.ts";

export const webhookGet: Command = {
  takes: "",
  words: 0,
  summary: "shows where Lex sends the agent's messages",
  about: [
    "Of the values of its headers only the length is shown, and whether it is WEBHOOK_SECRET.",
  ],
  options: { json: JSON_OPTION },
  settings: [KEY_SETTING, SECRET_SETTING],
  examples: ["lex-chat webhook get", "lex-chat webhook get --json | jq -r .url"],

  async run(input, terminal) {
    const { account, asked } = openWebhook("get");
    const secret = readSecret();
    const webhook = await explained(asked, account.webhook);
    const shown = webhook && toShown(webhook, secret);
    if (input.flag("json")) terminal.print(toJson(shown));
    else if (shown) terminal.print(describeWebhook(shown));
    else terminal.note("No webhook is set. To set one: lex-chat webhook set");
    return EXIT.ok;
  },
};
