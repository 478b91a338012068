/** What is seen before the panel is loaded. */
export const launcher = {
  agentName: "Assistant",
  name: (agent: string) => `Chat with ${agent}`,
  unread: (count: number) => `${count} new ${count === 1 ? "message" : "messages"}`,
};

export const en = {
  welcomeHeading: "How can we help?",
  welcomeSubheading: "Ask a question to get started.",
  panel: (agent: string) => `Chat with ${agent}`,
  close: "Close chat",
  newConversation: "New conversation",
  transcript: "Conversation",
  earlier: "Earlier messages",
  newMessages: "New messages",
  suggestions: "Suggested questions",
  said: (agent: string) => `${agent} said:`,
  youSaid: "You said:",
  message: "Message",
  placeholder: "Ask a question…",
  send: "Send message",
  stop: "Stop answering",
  charactersLeft: (count: number) => `${count} left`,
  tooManyCharacters: (count: number) => `${count} too many`,
  thinking: "Thinking…",
  /** `words` is the tool's name in lower-case words, such as `search articles`. */
  tool: (words: string) =>
    `Using ${words}…`.replace(/^Using (search|find|look ?up)( for)?/, "Searching"),
  stopped: "Stopped",
  sending: "Sending…",
  retry: "Try again",
  /** What the button beside a problem says, where it is not that. */
  remedies: {
    send_outcome_unknown: "Send again",
    conversation_full: "New conversation",
  } as Partial<Record<string, string>>,
  copy: "Copy",
  copied: "Copied",
  escalated: "You're being passed to a person.",
  reconnecting: "Connection lost. Reconnecting…",
  unavailable: "The chat is unavailable at the moment.",
  problems: {
    network: "Not sent. Check your connection.",
    send_outcome_unknown: "Not sure whether this was sent.",
    conversation_busy: "Not sent: the agent is still answering.",
    too_many_requests: "Not sent: wait a moment.",
    conversation_full: "This conversation is full.",
    message_too_long: "Not sent: too long.",
    daily_limit_reached: "Not sent: no more messages today.",
  } as Partial<Record<string, string>>,
  notSent: "Not sent.",
  answerFailed: "The answer could not be finished. Try again.",
};

/** Every visible string of the panel. A locale is one file with an object of this type. */
export type Strings = typeof en;
