import type { Article } from "../agent/articles.ts";
import { createLibrary, type Library } from "./library.ts";
import type { Configuration } from "../storage/configuration.ts";
import type { Store } from "../storage/store.ts";

/** What an account's agents work with; every read sees the latest change. */
export type Organisation = {
  account: string;
  configuration: () => Configuration;
  /** Changes some of it. */
  configure: (change: Partial<Configuration>) => void;
  library: Library;
};

/** The organisations by account; `articles` are those that each of them begins with. */
export function createOrganisations(
  store: Pick<Store, "configurations" | "articles">,
  articles: readonly Article[],
): (account: string) => Organisation {
  const known = new Map<string, Organisation>();

  function create(account: string): Organisation {
    const configuration = () => store.configurations.find(account);
    return {
      account,
      configuration,
      configure: (change) => store.configurations.save(account, { ...configuration(), ...change }),
      library: createLibrary(store.articles, account, articles),
    };
  }

  return (account) => {
    const organisation = known.get(account) ?? create(account);
    known.set(account, organisation);
    return organisation;
  };
}
