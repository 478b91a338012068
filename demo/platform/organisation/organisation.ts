import { parseBusinessRules } from "../agent/business-rules.ts";
import type { Article } from "../agent/articles.ts";
import { createKnowledge, type Knowledge } from "../agent/knowledge.ts";
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
  /** What answers come from: the articles, the business context, and rules that state something. */
  knowledge: () => Knowledge;
};

/** The organisations by account; `articles` are those that each of them begins with. */
export function createOrganisations(
  store: Pick<Store, "configurations" | "articles">,
  articles: readonly Article[],
): (account: string) => Organisation {
  const known = new Map<string, Organisation>();

  function create(account: string): Organisation {
    let knowledge: Knowledge | undefined;
    const forget = () => void (knowledge = undefined);
    const configuration = () => store.configurations.find(account);
    const library = createLibrary(store.articles, { account, folder: articles, onChange: forget });
    return {
      account,
      configuration,
      configure(change) {
        store.configurations.save(account, { ...configuration(), ...change });
        forget();
      },
      library,
      knowledge: () =>
        (knowledge ??= createKnowledge([...library.articles(), ...toArticles(configuration())])),
    };
  }

  return (account) => {
    const organisation = known.get(account) ?? create(account);
    known.set(account, organisation);
    return organisation;
  };
}

function toArticles({ context, rules }: Configuration): Article[] {
  const { facts } = parseBusinessRules(rules.business);
  return [context ?? "", ...facts].filter(Boolean).map((markdown) => ({
    title: "About us",
    url: "",
    about: "us",
    names: [],
    keywords: "",
    sections: [{ heading: "", markdown }],
  }));
}
