import type { Request } from "express";

/**
 * The proxy's own address, without a slash at the end: `PUBLIC_URL`, else where the request came to.
 * `below` is the path under it at which the asking router is mounted.
 */
export function addressOf(request: Request, publicUrl: string | null, below = ""): string {
  if (publicUrl !== null) return publicUrl;
  const { protocol, host, baseUrl } = request;
  // Anybody may write anything into Host: only what is an address is repeated.
  const origin = URL.parse(`${protocol}://${host}`)?.origin ?? "";
  return origin + baseUrl.slice(0, baseUrl.length - below.length);
}
