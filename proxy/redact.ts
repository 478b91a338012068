/** The second net under the log: a line that holds a secret after all loses it. Pure. */

const REDACTED = "[redacted]";

/** What is secret by its form: other people's tokens, keys, and passwords in addresses. */
const FORMS: ReadonlyArray<readonly [form: RegExp, replacement: string]> = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, REDACTED],
  [/\b(Bearer|Basic)\s+[^\s"\\,]+/gi, `$1 ${REDACTED}`],
  [/\b(lex2|lxc|lxm)_[\w-]+/g, REDACTED],
  [/\/\/[^/?#@\s"]+@/g, "//…@"],
];

/** A function that takes `secrets`, as JSON and addresses spell them, and `FORMS` out of a text. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const spellings = [
    ...new Set(
      secrets.flatMap((secret) => [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret),
      ]),
    ),
  ].sort((a, b) => b.length - a.length);
  return (text) => {
    const known = spellings.reduce((left, secret) => left.replaceAll(secret, REDACTED), text);
    return FORMS.reduce((left, [form, by]) => left.replaceAll(form, by), known);
  };
}
