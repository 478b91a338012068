import { createHash } from "node:crypto";
import type { RequestHandler, Response } from "express";
import { Refusal } from "./refusal.ts";

/**
 * Lets a request with `Authorization: Bearer <one of the keys>` through, as that key's account.
 * Refuses a known key of another kind with 403, every other with 401.
 */
export function requireKey(
  keys: readonly string[],
  otherKeys: readonly string[] = [],
): RequestHandler {
  // Hashes, so that neither a comparison's time nor the database tells a key.
  const accounts = new Set(keys.map(toAccount));
  const others = new Set(otherKeys.map(toAccount));
  return (request, response, next) => {
    const [, key] = /^Bearer +(\S+)$/i.exec(request.get("Authorization") ?? "") ?? [];
    const account = key === undefined ? undefined : toAccount(key);
    if (account !== undefined && others.has(account)) {
      throw new Refusal(403, "This kind of API key is not for this API");
    }
    if (account === undefined || !accounts.has(account)) {
      throw new Refusal(401, "Missing or invalid API key");
    }
    response.locals["account"] = account;
    next();
  };
}

/** The account that `requireKey` let in. */
export function accountOf(response: Response): string {
  return String(response.locals["account"]);
}

/** The name under which all that belongs to a key is stored. */
export function toAccount(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
