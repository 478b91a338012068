import { toAccount } from "../account.ts";
import type { Settings } from "../settings.ts";

/**
 * Whom a management key configures: the account of the customer key at the same place in the
 * settings. One that has no such partner configures its own account, where no customer is.
 */
export function customerAccountOf(
  managementAccount: string,
  { customerKeys, managementKeys }: Pick<Settings, "customerKeys" | "managementKeys">,
): string {
  const place = managementKeys.findIndex((key) => toAccount(key) === managementAccount);
  const partner = customerKeys[place];
  return partner === undefined ? managementAccount : toAccount(partner);
}
