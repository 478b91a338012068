/** One message of the conversation so far, oldest first. */
export type Turn = { role: "user" | "assistant"; content: string };

/** What an agent does while it answers. The text of all `text` steps is the answer. */
export type Step =
  | { type: "tool_use"; id: string; name: string; input: Record<string, unknown> }
  | { type: "tool_result"; id: string; name: string; ok: boolean; result: unknown }
  | { type: "text"; text: string }
  /** A person will take over; the reason is for that person. */
  | { type: "escalate"; reason: string }
  /** The answer is that there is none. */
  | { type: "unanswered" };

/** Answers the last of the turns. Ends early, by throwing, when the signal aborts. */
export type Agent = (turns: Turn[], signal: AbortSignal) => AsyncIterable<Step>;

/** Who answers on each side, by the account whose configuration holds. */
export type Agents = {
  /** On Lex: hands over when it is asked to, or by a rule. */
  personal: (account: string) => Agent;
  /** On Lexey: also when a customer has lost patience, or has no answer twice in a row. */
  customer: (account: string) => Agent;
  management: (account: string) => Agent;
};
