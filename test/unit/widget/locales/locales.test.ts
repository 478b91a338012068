/** What a new file in widget/locales/ must be like, besides what its type asks for. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { strings, type Launcher, type Strings } from "../../../../widget/locales/en.ts";
import type { Plural } from "../../../../widget/locales/format.ts";

type Locale = { launcher: Launcher; strings: Strings };
type Text = [key: string, text: string | Plural];

const en: Strings = strings;

const languages = readdirSync("widget/locales")
  .map((name) => name.replace(/\.ts$/, ""))
  .filter((name) => name !== "format");

/** In order, each as often as it is there. */
const placeholders = (text: string): string[] =>
  Array.from(text.matchAll(/\{(\w*)\}/g), ([, name = ""]) => name).toSorted();

const isText = (entry: [string, unknown]): entry is Text => entry[0] !== "direction";

describe.each(languages)("the locale %s", async (language) => {
  const { launcher, strings } = (await import(
    `../../../../widget/locales/${language}.ts`
  )) as Locale;
  const texts = Object.entries(strings).filter(isText);

  it("has every text of the English one, and no other", () => {
    expect(Object.keys(strings).toSorted()).toEqual(Object.keys(en).toSorted());
    const empty = texts.filter(([, text]) => typeof text === "string" && !text.trim());
    expect(empty).toEqual([]);
  });

  it("has the placeholders of the English one in each text", () => {
    for (const [key, text] of texts) {
      const [written, english] = [text, en[key as keyof Strings]].map((text) =>
        placeholders(typeof text === "string" ? text : ((text as Plural | undefined)?.other ?? "")),
      );
      expect([key, written]).toEqual([key, english]);
    }
  });

  it("has only the plural forms of its language, with no other placeholders", () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const [key, text] of texts) {
      if (typeof text === "string") continue;
      expect(pluralCategories, key).toEqual(expect.arrayContaining(Object.keys(text)));
      const others = Object.values(text).flatMap(placeholders);
      expect(new Set(others), key).toEqual(new Set(placeholders(text.other)));
    }
  });

  it("says which language it is, and the direction that this is written in", () => {
    expect(strings.language).toBe(language);
    const locale = new Intl.Locale(language) as Intl.Locale & {
      getTextInfo(): { direction: string };
    };
    expect(strings.direction).toBe(locale.getTextInfo().direction);
  });

  it("gives the launcher the words that the panel has", () => {
    expect(strings).toMatchObject(launcher);
  });
});

it("are the six that are promised", () => {
  expect(languages).toEqual(["ar", "de", "en", "es", "fr", "ja"]);
});
