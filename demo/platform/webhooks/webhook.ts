import { Refusal } from "../refusal.ts";
import type { Webhook } from "../storage/webhooks.ts";
import { DEFAULT_TEMPLATE } from "./template.ts";

const METHODS = ["POST", "PUT", "PATCH"];

/** Set by the connection itself; a value of the owner's would break the request. */
const FORBIDDEN_HEADERS = ["host", "content-length", "transfer-encoding", "connection"];

/** Reads the body of `PUT /api/webhooks/me`; refuses with 400 and the field's name. */
export function readWebhook(body: unknown): Webhook {
  if (!isRecord(body)) throw new Refusal(400, "the body must be a JSON object");
  const { url, method = "POST", headers = {}, bodyTemplate = DEFAULT_TEMPLATE } = body;
  if (typeof url !== "string" || !isWebAddress(url)) {
    throw new Refusal(400, "url must be an http:// or https:// address");
  }
  if (typeof method !== "string" || !METHODS.includes(method.toUpperCase())) {
    throw new Refusal(400, `method must be one of ${METHODS.join(", ")}`);
  }
  if (!isHeaders(headers)) {
    throw new Refusal(400, "headers must be an object of valid header names and strings");
  }
  if (!isRecord(bodyTemplate)) throw new Refusal(400, "bodyTemplate must be an object");
  return { url, method: method.toUpperCase(), headers, bodyTemplate };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWebAddress(url: string): boolean {
  // fetch refuses an address with a user name and password in it.
  return URL.canParse(url) && /^https?:\/\/[^@/?#]+(?:[/?#]|$)/i.test(url);
}

function isHeaders(value: unknown): value is Record<string, string> {
  if (!isRecord(value) || !Object.values(value).every((header) => typeof header === "string")) {
    return false;
  }
  try {
    const headers = new Headers(value as Record<string, string>);
    return !FORBIDDEN_HEADERS.some((name) => headers.has(name));
  } catch {
    return false;
  }
}
