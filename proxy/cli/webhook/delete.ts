import { EXIT, type Command } from "../command.ts";
import { CommandError } from "../errors.ts";
import { explained } from "../explain.ts";
import { KEY_SETTING, openWebhook } from "./access.ts";
import { toShown } from "./text.ts";

export const webhookDelete: Command = {
  takes: "",
  words: 0,
  summary: "removes the webhook from Lex",
  about: ["It asks before, unless --yes is given."],
  options: { yes: { type: "boolean", short: "y", help: "does not ask" } },
  settings: [KEY_SETTING],
  examples: ["lex-chat webhook delete --yes"],

  async run(input, terminal) {
    const { account, asked } = openWebhook("delete");
    const webhook = await explained(asked, account.webhook);
    if (!webhook) {
      terminal.note("No webhook is set: there is nothing to remove.");
      return EXIT.ok;
    }
    const { url } = toShown(webhook, null);
    if (!input.flag("yes")) {
      if (!terminal.canAsk)
        throw new CommandError(`${url} is still set: nobody could be asked`, "add --yes");
      if (!(await terminal.confirm(`Lex would no longer call ${url}. Remove it?`)))
        throw new CommandError("nothing was changed");
    }
    await explained(asked, account.deleteWebhook);
    terminal.note(`Removed: Lex no longer calls ${url}.`);
    return EXIT.ok;
  },
};
