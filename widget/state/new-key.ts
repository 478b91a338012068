/** An Idempotency-Key: 128 random bits. Not `randomUUID`, which pages without TLS don't have. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
