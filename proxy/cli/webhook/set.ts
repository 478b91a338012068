import type { LexWebhook } from "../../platforms/lex-account.ts";
import { EXIT, JSON_OPTION, toJson, type Command } from "../command.ts";
import { CommandError } from "../errors.ts";
import { explained } from "../explain.ts";
import type { Terminal } from "../terminal.ts";
import { readWebhook } from "./input.ts";
import { describeWebhook, isSameWebhook, toShown } from "./text.ts";
import { KEY_SETTING, openWebhook, readSecret, SECRET_SETTING } from "./access.ts";

export const webhookSet: Command = {
  takes: "[URL]",
  words: 1,
  summary: "makes Lex send the agent's messages to the proxy",
  about: [
    "Without a URL it is /webhooks/lex below PUBLIC_URL, with the secret and the body that the proxy expects. Lex has one webhook for each key: one that is set already is shown, and replaced only after a yes, or with --replace.",
  ],
  options: {
    replace: { type: "boolean", help: "replaces one that is set already, without asking" },
    header: {
      type: "string",
      value: "'NAME: VALUE'",
      multiple: true,
      help: "a further header; may be given several times",
    },
    template: {
      type: "string",
      value: "JSON",
      help: "another body; it may hold {{message}}, {{conversationId}}, {{from}}, {{conversationTitle}}, {{subject}}, {{timestamp}}",
    },
    json: JSON_OPTION,
  },
  settings: [KEY_SETTING, SECRET_SETTING, ["PUBLIC_URL", "where the proxy is reached"]],
  examples: [
    "lex-chat webhook set",
    "lex-chat webhook set https://chat.example.com/webhooks/lex --replace",
    `lex-chat webhook set https://example.com/hook --template '{"text": "{{message}}"}'`,
  ],

  async run(input, terminal) {
    const { account, asked } = openWebhook("set");
    const wanted = readWebhook(input);
    const isJson = input.flag("json");
    const present = await explained(asked, account.webhook);
    const isSet = present !== null && isSameWebhook(present, wanted);
    if (present && !isSet && !input.flag("replace"))
      await ask(present, wanted, { isJson, terminal });
    if (!isSet) await explained(asked, () => account.setWebhook(wanted));

    const shown = toShown(wanted, readSecret());
    if (isJson) terminal.print(toJson(shown));
    else terminal.print(describeWebhook(shown));
    terminal.note(
      isSet ? "It is set like this already." : "It is set. To try it: lex-chat webhook test",
    );
    return EXIT.ok;
  },
};

/** Rejects with a `CommandError` unless somebody says yes. */
async function ask(
  present: LexWebhook,
  wanted: LexWebhook,
  { isJson, terminal }: { isJson: boolean; terminal: Terminal },
): Promise<void> {
  const { note, style } = terminal;
  const secret = readSecret();
  note(style("bold", "Lex has one webhook for each key, and this one is set:"));
  note(describeWebhook(toShown(present, secret)));
  if (!terminal.canAsk || isJson)
    throw new CommandError(
      "nothing was changed: another webhook is set",
      "add --replace to replace it",
    );
  note(style("bold", "\nIt would become:"));
  note(`${describeWebhook(toShown(wanted, secret))}\n`);
  if (!(await terminal.confirm("Replace it?"))) throw new CommandError("nothing was changed");
}
