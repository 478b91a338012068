/** What Lexey's management API says, which passes unchanged: as its documents show it. */
import { objectOf, oneOf, text, time, type Schema } from "./schema.ts";

export type LexeyMessage = { role: "user" | "assistant"; content: string; createdAt: string };

export const LEXEY_SCHEMAS: Readonly<Record<string, Schema>> = {
  LexeyMessage: objectOf<LexeyMessage>({
    role: oneOf("user", "assistant"),
    content: text(),
    createdAt: time,
  }),
  LexeyEvent: {
    oneOf: [
      objectOf<{ type: "delta"; text: string }>({ type: { const: "delta" }, text: text() }),
      objectOf<{ type: "status"; status: string }>({ type: { const: "status" }, status: text() }),
      objectOf<{ type: "error"; message: string }>({ type: { const: "error" }, message: text() }),
    ],
  },
  LexeyError: { type: "object", description: "Lexey's own words; their shape is not documented." },
};
