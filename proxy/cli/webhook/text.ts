/** A webhook as it is shown: without the values of its headers, which are secrets. Pure. */
import { WEBHOOK_SECRET_HEADER } from "../../lex-webhook.ts";
import type { LexWebhook } from "../../platforms/lex-account.ts";
import { toLine } from "../printable.ts";

type ShownWebhook = Omit<LexWebhook, "headers"> & {
  /** What can be said of each value. */
  headers: Readonly<Record<string, string>>;
};

/** `secret` is WEBHOOK_SECRET, null when it is not set. */
export function toShown(webhook: LexWebhook, secret: string | null): ShownWebhook {
  const headers = Object.entries(webhook.headers).map(([name, value]) => {
    if (name.toLowerCase() === "content-type") return [name, value];
    const isOurs = name.toLowerCase() === WEBHOOK_SECRET_HEADER.toLowerCase() && secret !== null;
    const relation = value === secret ? ", as in WEBHOOK_SECRET" : ", not WEBHOOK_SECRET";
    return [name, `(${value.length} characters${isOurs ? relation : ""})`];
  });
  const url = webhook.url.replace(/\/\/[^/?#]*@/, "//…@");
  return { ...webhook, url, headers: Object.fromEntries(headers) as Record<string, string> };
}

/** In lines of a name and a value. */
export function describeWebhook(shown: ShownWebhook): string {
  const headers = Object.entries(shown.headers).map(([name, value]) => `${name}: ${value}`);
  const template = shown.bodyTemplate === null ? "Lex's own" : JSON.stringify(shown.bodyTemplate);
  const rows = [
    ["URL", shown.url],
    ["Method", shown.method],
    ...(headers.length === 0
      ? [["Headers", "none"]]
      : headers.map((line, index) => [index === 0 ? "Headers" : "", line])),
    ["Body", template],
  ];
  return rows.map(([name = "", value = ""]) => `${name.padEnd(8)} ${toLine(value)}`).join("\n");
}

export const isSameWebhook = (a: LexWebhook, b: LexWebhook): boolean => toKey(a) === toKey(b);

/** Headers count in any order and case. */
function toKey({ url, method, headers, bodyTemplate }: LexWebhook): string {
  const pairs = Object.entries(headers).map(([name, value]) => `${name.toLowerCase()}: ${value}`);
  return JSON.stringify([url, method.toUpperCase(), pairs.toSorted(), bodyTemplate]);
}
