import type { Organisation } from "../organisation/organisation.ts";
import type { Situation } from "./reading/reading.ts";

/** What a message to the configuration agent is understood by. */
export function toSituation({ library, configuration }: Organisation): Situation {
  const { context, rules } = configuration();
  return { context, rules, articles: library.list().map(({ title }) => title) };
}
