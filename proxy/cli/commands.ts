/** Every command, in the order of the help. */
import { chat } from "./chat.ts";
import type { Commands } from "./command.ts";
import { conversationsList } from "./conversations/list.ts";
import { conversationsShow } from "./conversations/show.ts";
import { doctor } from "./doctor.ts";
import { e2e } from "./e2e.ts";
import { manage } from "./manage.ts";
import { serve } from "./serve.ts";
import { snippet } from "./snippet.ts";
import { webhookDelete } from "./webhook/delete.ts";
import { webhookGet } from "./webhook/get.ts";
import { webhookSet } from "./webhook/set.ts";
import { webhookTest } from "./webhook/test.ts";

export const COMMANDS: Commands = {
  serve,
  doctor,
  chat,
  manage,
  e2e,
  "conversations list": conversationsList,
  "conversations show": conversationsShow,
  "webhook get": webhookGet,
  "webhook set": webhookSet,
  "webhook test": webhookTest,
  "webhook delete": webhookDelete,
  snippet,
};
