/** Keys derived from the owner's secrets (HKDF-SHA-256, RFC 5869), one per purpose. */
import { hkdfSync } from "node:crypto";

/** One 32-byte key per secret, in the order given: the first signs, all verify. */
export function deriveKeys(secrets: readonly string[], purpose: string): Uint8Array[] {
  return secrets.map(
    (secret) => new Uint8Array(hkdfSync("sha256", secret, "", `lex-chat/${purpose}`, 32)),
  );
}
