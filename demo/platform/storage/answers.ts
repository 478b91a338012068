import type { DatabaseSync } from "node:sqlite";

/** How an answer went. `question` is the customer's message, `firstTokenMs` null if none came. */
export type AnswerRecord = {
  conversation: string;
  question: string;
  isUnanswered: boolean;
  isEscalation: boolean;
  firstTokenMs: number | null;
};

/** What happened in a time, counted. Times are milliseconds; null when there is no answer. */
export type AnswerCounts = {
  conversations: number;
  messages: number;
  escalations: number;
  unanswered: string[];
  firstTokenMs: number[];
};

/** ISO 8601, `from` included and `until` not. */
export type Interval = { from: string; until: string };

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL REFERENCES conversations (id),
    question TEXT NOT NULL,
    is_unanswered INTEGER NOT NULL,
    is_escalation INTEGER NOT NULL,
    first_token_ms REAL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS answers_by_conversation ON answers (conversation, created_at);
`;

const WITHIN =
  "conversations.account = $account AND $from <= %.created_at AND %.created_at < $until";
const within = (table: string) => WITHIN.replaceAll("%", table);

export function createAnswerTable(database: DatabaseSync) {
  database.exec(SCHEMA);
  const insert = database.prepare(
    `INSERT INTO answers
       (conversation, question, is_unanswered, is_escalation, first_token_ms, created_at)
     VALUES ($conversation, $question, $isUnanswered, $isEscalation, $firstTokenMs, $now)`,
  );
  const countMessages = database.prepare(
    `SELECT count(*) AS messages, count(DISTINCT conversation) AS conversations
     FROM messages JOIN conversations ON conversations.id = messages.conversation
     WHERE ${within("messages")}`,
  );
  const answers = database.prepare(
    `SELECT answers.conversation, question, is_unanswered, is_escalation, first_token_ms
     FROM answers JOIN conversations ON conversations.id = answers.conversation
     WHERE ${within("answers")} ORDER BY answers.number`,
  );

  return {
    add({ isUnanswered, isEscalation, ...record }: AnswerRecord): void {
      insert.run({
        ...record,
        isUnanswered: Number(isUnanswered),
        isEscalation: Number(isEscalation),
        now: new Date().toISOString(),
      });
    },

    /** Conversations are those with a message in the interval, whenever they began. */
    count(account: string, interval: Interval): AnswerCounts {
      const totals = countMessages.get({ account, ...interval });
      const rows = answers.all({ account, ...interval });
      const escalated = rows.filter((row) => row["is_escalation"] === 1);
      return {
        conversations: Number(totals?.["conversations"]),
        messages: Number(totals?.["messages"]),
        escalations: new Set(escalated.map((row) => row["conversation"])).size,
        unanswered: rows
          .filter((row) => row["is_unanswered"] === 1)
          .map((row) => String(row["question"])),
        firstTokenMs: rows.flatMap((row) =>
          row["first_token_ms"] === null ? [] : [Number(row["first_token_ms"])],
        ),
      };
    },
  };
}
