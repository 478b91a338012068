/** Every command, in the order of the help. */
import { chat } from "./chat.ts";
import type { Commands } from "./command.ts";
import { doctor } from "./doctor.ts";
import { serve } from "./serve.ts";

export const COMMANDS: Commands = { serve, chat, doctor };
