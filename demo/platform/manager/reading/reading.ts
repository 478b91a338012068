import type { Action } from "../actions.ts";
import type { RuleKind } from "../../storage/configuration.ts";
import type { Clause } from "./clauses.ts";
import type { Text } from "./text.ts";

/** What there is already: a topic is looked up in it. */
export type Situation = {
  context: string | null;
  articles: string[];
  rules: Record<RuleKind, string[]>;
};

/** What a request can lack. */
export type Missing =
  | "agentName"
  | "primaryColor"
  | "welcomeHeading"
  | "welcomeSubheading"
  | "branding"
  | "title"
  | "content"
  | "article"
  | "rule"
  | "context"
  | "purpose";

/** Asks for what is missing. */
export type Question = {
  about: Missing;
  text: string;
  /** A reply that may be any text is not looked at for commands first. */
  isOpen: boolean;
  /** What the request comes to with this reply; undefined when the reply is no answer. */
  answer: (reply: Text) => Finding | undefined;
};

export type Finding = { action: Action } | { question: Question };

/** What a reader took from a clause. */
export type Reading = {
  finding: Finding;
  /** What is missing beside it. */
  also?: Finding;
  /** Where it stopped, counted from the clause's beginning in `rest`; the clause's end by default. */
  length?: number;
  /** With a sentence that follows and asks for nothing itself, or for more of the same. */
  grow?: (next: Clause) => Reading;
};

/** Reads one kind of request; undefined when a clause is none. */
export type Reader = (clause: Clause, situation: Situation) => Reading | undefined;
