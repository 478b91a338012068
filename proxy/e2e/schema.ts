import { scenario } from "./scenario.ts";

/** The format as JSON Schema, for editors. */
export const toSchema = () => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "A scenario of lex-chat e2e",
  ...scenario.schema,
});
