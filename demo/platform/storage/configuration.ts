import type { DatabaseSync } from "node:sqlite";

/** How the chat looks; what is absent was never set. `primaryColor` is #rgb or #rrggbb. */
export type Branding = {
  agentName?: string;
  primaryColor?: string;
  welcomeHeading?: string;
  welcomeSubheading?: string;
};

/** Business rules say how to answer, escalation rules when a person takes over. */
export type RuleKind = "business" | "escalation";

/** What the owner of an account has set. `context` is null until it is. */
export type Configuration = {
  context: string | null;
  branding: Branding;
  rules: Record<RuleKind, string[]>;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS configurations (
    account TEXT PRIMARY KEY,
    configuration TEXT NOT NULL
  ) STRICT;
`;

export function createConfigurationTable(database: DatabaseSync) {
  database.exec(SCHEMA);
  const select = database.prepare("SELECT configuration FROM configurations WHERE account = ?");
  const upsert = database.prepare(
    "INSERT OR REPLACE INTO configurations (account, configuration) VALUES (?, ?)",
  );

  return {
    find(account: string): Configuration {
      const row = select.get(account) as { configuration: string } | undefined;
      return row
        ? (JSON.parse(row.configuration) as Configuration)
        : { context: null, branding: {}, rules: { business: [], escalation: [] } };
    },
    save: (account: string, configuration: Configuration) =>
      void upsert.run(account, JSON.stringify(configuration)),
  };
}
