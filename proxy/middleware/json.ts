/** Request bodies: JSON and nothing else. */
import express, { type Request, type RequestHandler } from "express";
import { ProxyError } from "../errors.ts";

/** Bodies of up to `maxBytes`. Not inflated: a small compressed body could become a huge one. */
export function createJsonReader(maxBytes: number): RequestHandler[] {
  return [jsonOnly, express.json({ limit: maxBytes, inflate: false, strict: false })];
}

/** As `createJsonReader`, for what is passed on as it came: the body is a buffer. */
export function createBodyReader(maxBytes: number): RequestHandler[] {
  return [jsonOnly, express.raw({ limit: maxBytes, inflate: false, type: () => true })];
}

/** Whether a body came along, read or not. */
export const hasBody = ({ headers }: Request): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** A form or a text/plain body would not be preflighted: a request with a body has to say JSON. */
const jsonOnly: RequestHandler = (request, _response, next) => {
  if (hasBody(request) && !request.is("application/json")) {
    const type = request.get("Content-Type") ?? "missing";
    throw new ProxyError("unsupported_media_type", {
      field: "Content-Type",
      detail: `Content-Type is ${type.slice(0, 100)}: send application/json`,
    });
  }
  next();
};
