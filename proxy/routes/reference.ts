/** `/openapi.json` and `/llms.txt`: the proxy's calls, for programs and for coding agents. */
import { Router } from "express";
import { createOpenApi } from "../openapi/document.ts";
import { createLlmsText } from "../openapi/llms.ts";
import { addressOf } from "./address-of.ts";

/** `publicUrl` null: the address that the request came to. */
export function referenceRoutes(publicUrl: string | null): Router {
  const router = Router();

  router.get("/openapi.json", (request, response) => {
    response.set("Cache-Control", "no-cache").json(createOpenApi(addressOf(request, publicUrl)));
  });
  router.get("/llms.txt", (request, response) => {
    const text = createLlmsText(addressOf(request, publicUrl));
    response.set("Cache-Control", "no-cache").type("text/plain").send(text);
  });
  return router;
}
