/** A text in the forms of `Intl.PluralRules`; a category that is not there takes `other`. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Puts `value` into the `{placeholder}` of a text. */
export function format(text: string, value: string): string {
  return text.replace(/\{\w+\}/g, () => value);
}

/** The form of a text for a number, with the number as `{count}`, both as in `language`. */
export function formatCount(forms: Plural, count: number, language: string): string {
  const category = new Intl.PluralRules(language).select(count);
  return format(forms[category] ?? forms.other, count.toLocaleString(language));
}
