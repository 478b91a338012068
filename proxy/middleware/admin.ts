/** The owner's calls: `ADMIN_TOKEN` in `Authorization: Bearer`. No page gets a CORS header here. */
import type { RequestHandler } from "express";
import { ProxyError } from "../errors.ts";
import { isSameSecret } from "../secrets.ts";
import { toAddressKey } from "./address.ts";
import type { RequestLimits } from "./limits.ts";

/**
 * Compared in constant time; wrong tries are limited for each address (`too_many_requests`). With
 * null, which is `ADMIN_TOKEN` unset, there is nothing at this address for anybody.
 */
export function createAdminCheck(adminToken: string | null, limits: RequestLimits): RequestHandler {
  return async (request, _response, next) => {
    if (adminToken === null) throw new ProxyError("route_not_found");
    const address = toAddressKey(request.ip ?? "");
    await limits.admin(address);
    const { authorization } = request.headers;
    const [, given] = /^Bearer (\S+)$/i.exec(authorization ?? "") ?? [];
    if (isSameSecret(given, adminToken)) return next();
    // Asking without a token is no guess: a probe would lock the owner out.
    if (authorization !== undefined) await limits.adminTry(address);
    throw new ProxyError("admin_token_invalid");
  };
}
