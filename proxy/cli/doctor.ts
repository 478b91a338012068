import { readAddress } from "./address.ts";
import { JSON_OPTION, type Command } from "./command.ts";

export const doctor: Command = {
  takes: "[public URL]",
  words: 1,
  summary: "finds what is wrong with an installation",
  about: [
    "It checks settings, the platform and its key, Redis and the widget's files, and, through the URL that visitors use, certificate, cross-origin headers and whether answers really stream. With a problem it exits with 1.",
  ],
  options: { json: JSON_OPTION },
  settings: [["those of serve", "PUBLIC_URL is asked when no URL is given"]],
  examples: ["lex-chat doctor", "lex-chat doctor https://chat.example.com"],

  async run(input, terminal) {
    const publicUrl = readAddress(input.words[0]);
    const { runDoctor } = await import("../doctor/doctor.ts");
    return runDoctor({ publicUrl, json: input.flag("json") }, terminal.print);
  },
};
