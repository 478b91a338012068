/** What is seen before the panel is loaded. */
export const launcher = {
  agentName: "Assistant",
  welcomeHeading: "How can we help?",
  welcomeSubheading: "Ask a question and get an answer right away.",
  name: (agent: string) => `Chat with ${agent}`,
  unread: (count: number) => `${count} new ${count === 1 ? "message" : "messages"}`,
};

const verbs: Record<string, string> = {
  check: "Checking",
  create: "Creating",
  fetch: "Fetching",
  find: "Finding",
  get: "Getting",
  list: "Listing",
  lookup: "Looking up",
  query: "Searching",
  read: "Reading",
  search: "Searching",
  update: "Updating",
};

export const en = {
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
  tool: (words: string) => {
    const [first = "", ...rest] = words.split(" ");
    const verb = verbs[first];
    return `${verb ? [verb, ...rest].join(" ") : `Using ${words}`}…`;
  },
  stopped: "Stopped",
  sending: "Sending…",
  retry: "Try again",
  copy: "Copy",
  copied: "Copied",
  escalated: "A person has been asked to take over.",
  reconnecting: "Connection lost. Reconnecting…",
  unavailable: "The chat is unavailable at the moment.",
  problems: {
    network: "Not sent. Check your connection.",
    conversation_busy: "Not sent: the last answer is still being written.",
    too_many_requests: "Not sent: too many messages. Wait a moment.",
    message_too_long: "Not sent: the message is too long.",
    conversation_full: "This conversation is full. Start a new one.",
    daily_limit_reached: "No more messages can be sent today.",
  } as Partial<Record<string, string>>,
  notSent: "Not sent.",
  answerFailed: "The answer could not be finished. Please try again.",
};

/** Every visible string of the panel. A locale is one file with an object of this type. */
export type Strings = typeof en;
