import type { ErrorCode } from "../../proxy/protocol.ts";
import type { Plural } from "./format.ts";

/** What is seen before the panel is loaded. */
export const launcher = {
  agentName: "Assistant",
  chat: "Chat",
  unread: "{count} unread",
};

export type Launcher = typeof launcher;

export const strings = {
  /** The language of these words, as a tag (BCP 47), and where its lines begin. */
  language: "en",
  direction: "ltr" as "ltr" | "rtl",
  ...launcher,
  welcomeHeading: "How can we help?",
  welcomeSubheading: "Ask a question to get started.",
  close: "Close chat",
  newConversation: "New conversation",
  conversation: "Conversation",
  earlier: "Earlier messages",
  newMessages: "New messages",
  suggestions: "Suggested questions",
  agentSaid: "{agent} said:",
  youSaid: "You said:",
  message: "Message",
  placeholder: "Ask a question…",
  send: "Send message",
  stop: "Stop answering",
  charactersLeft: { other: "{count} left" } as Plural,
  tooManyCharacters: { other: "{count} too many" } as Plural,
  thinking: "Thinking…",
  /** `words` is the tool's name in lower-case words, such as `order status`. */
  usingTool: "Using {words}…",
  /** Of a tool that is called `search articles`, `words` is `articles`. */
  searching: "Searching {words}…",
  stopped: "Stopped",
  sending: "Sending…",
  /** A message that goes out by itself when the line is back. */
  waiting: "Waiting for the connection…",
  tryAgain: "Try again",
  sendAgain: "Send again",
  copy: "Copy",
  copied: "Copied",
  goodAnswer: "Good answer",
  badAnswer: "Bad answer",
  menu: "Menu",
  /** The visitor's own, as a list. */
  conversations: "Conversations",
  download: "Download as text",
  deleteData: "Delete from this browser",
  deleteWarning: "This browser forgets your conversations. What you have sent is not deleted.",
  delete: "Delete",
  back: "Back",
  notLoaded: "Could not be loaded.",
  /** Agrees to what the page's author wants visitors to know, and starts the chat. */
  agree: "Agree and start",
  escalated: "A person has been asked to take over.",
  offline: "You're offline.",
  reconnecting: "Connection lost. Reconnecting…",
  /** The site has to sign the visitor in again. */
  signedOut: "You’re signed out. Sign in again to go on here.",
  asGuest: "Continue as a guest",
  unavailable: "The chat is unavailable at the moment.",
  answerFailed: "The answer could not be finished.",
  notSent: "Not sent.",
  // Why a message was not sent, by the code of the error.
  network: "Not sent. Check your connection.",
  send_outcome_unknown: "Not sure whether this was sent.",
  conversation_busy: "Not sent: the agent is still answering.",
  too_many_requests: "Not sent: wait a moment.",
  conversation_full: "This conversation is full.",
  message_too_long: "Not sent: too long.",
  daily_limit_reached: "Not sent: no more messages today.",
};

/**
 * Every text of the panel; a locale is one file with an object of this type. The text of a further
 * error code, or of what waited for too long, is used instead of `notSent`.
 */
export type Strings = typeof strings & Partial<Record<ErrorCode | "expired", string>>;
