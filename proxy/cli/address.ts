import { UsageError } from "./errors.ts";

/** An address as it was typed, without a slash at its end; null when there is none. Throws a `UsageError`. */
export function readAddress(typed: string | undefined): string | null {
  if (typed === undefined) return null;
  const url = URL.parse(typed);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(
      `${JSON.stringify(typed)} is no address`,
      "give one such as https://chat.example.com",
    );
  return (url.origin + url.pathname).replace(/\/$/, "");
}
