/**
 * Where Lex's documentation leaves a choice, or the real one could fail: what this platform does, by
 * option. The first value of each is the default.
 */
export const MISBEHAVIOURS = {
  /**
   * How events are written: `named` has the name in the SSE `event:` field and flat JSON; `typed` has
   * no event field and a `type` in the JSON; `envelope` is `{"event", "data"}`. Keys differ too.
   */
  framing: ["named", "typed", "envelope"],
  /** A message to a conversation that nobody has; `default` silently takes the default channel. */
  unknownConversation: ["open", "404", "default"],
  /** The stream of a conversation that has no message yet. */
  streamBeforeFirstMessage: ["open", "404"],
  /** Whether the 202 names the stored message; the document's own sample does not. */
  messageId: ["present", "absent"],
} as const;

/** One value for each of `MISBEHAVIOURS`. */
export type Misbehaviour = {
  [Name in keyof typeof MISBEHAVIOURS]: (typeof MISBEHAVIOURS)[Name][number];
};

export type Framing = Misbehaviour["framing"];
export type UnknownConversation = Misbehaviour["unknownConversation"];
