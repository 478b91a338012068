/**
 * A conversation id as the browser sees it: `base64url(id).base64url(HMAC)`. The HMAC binds the id to
 * one visitor and one platform, so that a handle is checked without storage and is worth nothing to
 * anybody else.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { ProxyError } from "../errors.ts";
import { deriveKeys } from "./keys.ts";

/** Longer ones are refused before any work is done. */
export const MAX_HANDLE_CHARACTERS = 300;

export type Handles = {
  create: (visitorId: string, conversationId: string) => string;
  /** The platform's id, or null for every handle that this visitor does not hold. */
  open: (visitorId: string, handle: string) => string | null;
};

// Length prefixes: without them ("ab", "c") and ("a", "bc") would sign the same bytes.
const prefixed = (...fields: string[]): string =>
  fields.map((field) => `${Buffer.byteLength(field)}:${field}`).join("");

/** Signs with the first secret, opens with all of them. */
export function createHandles(secrets: readonly string[], platform: string): Handles {
  const keys = deriveKeys(secrets, "conversation-handle");
  const signatures = (visitorId: string, id: string): Buffer[] =>
    keys.map((key) =>
      createHmac("sha256", key)
        .update(prefixed(visitorId, platform, id))
        .digest(),
    );

  return {
    create(visitorId, conversationId) {
      const [signature = Buffer.alloc(0)] = signatures(visitorId, conversationId);
      return `${Buffer.from(conversationId).toString("base64url")}.${signature.toString("base64url")}`;
    },

    open(visitorId, handle) {
      const [encodedId, encodedSignature, ...rest] = handle.split(".");
      if (!encodedId || !encodedSignature || rest.length > 0) return null;
      const id = Buffer.from(encodedId, "base64url").toString();
      // base64url decoding is lenient: only the one canonical spelling of a handle is a handle.
      if (Buffer.from(id).toString("base64url") !== encodedId) return null;
      const given = Buffer.from(encodedSignature, "base64url");
      if (given.toString("base64url") !== encodedSignature) return null;
      const matches = signatures(visitorId, id).map(
        (signature) => given.length === signature.length && timingSafeEqual(given, signature),
      );
      return matches.includes(true) ? id : null;
    },
  };
}

/** The platform's id. Throws the same `conversation_not_found` for unknown and for somebody else's. */
export function openHandle(handles: Handles, visitorId: string, handle: string): string {
  const conversationId = handles.open(visitorId, handle);
  if (conversationId === null) throw new ProxyError("conversation_not_found");
  return conversationId;
}
