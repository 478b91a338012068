import { Router } from "express";
import { requireKey } from "./account.ts";
import { readBreaks } from "./breaks.ts";
import { Refusal } from "./refusal.ts";

/** `POST /demo/misbehave`, with any of the keys: breaks or mends what `breaks.ts` lists. */
export function controlRouter(
  keys: readonly string[],
  misbehave: (change: Record<string, unknown>) => void,
): Router {
  const router = Router();
  router.post("/demo/misbehave", requireKey(keys), (request, response) => {
    // Connections may be cut by it: the answer goes out before.
    const change = readChange(request.body);
    response.on("finish", () => misbehave(change)).json({ success: true });
  });
  return router;
}

function readChange(body: unknown): Record<string, unknown> {
  try {
    return readBreaks({ ...(body as object) });
  } catch (error) {
    throw new Refusal(400, error instanceof Error ? error.message : String(error));
  }
}
