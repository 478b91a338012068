/** Who is signed in at the shop. It has two customers, asks for no password, and vouches for them to the chat. */
import { Router, type Request } from "express";
import { signIdentity } from "../../proxy/index.ts";

const CUSTOMERS: Readonly<Record<string, string>> = { ada: "Ada", bob: "Bob" };
const COOKIE = "customer";

/** `secret` is the proxy's `IDENTITY_SECRET`. */
export function accountRoutes(secret: string): Router {
  const router = Router();

  /** 200 with the customer's name and the JWT for the chat, or 204. */
  router.get("/", async (request, response) => {
    const id = customerOf(request);
    if (id === undefined) return void response.status(204).end();
    const identity = await signIdentity({ secret, subject: id });
    return void response.set("Cache-Control", "no-store").json({ name: CUSTOMERS[id], identity });
  });

  router.post("/:id", (request, response) => {
    const { id } = request.params;
    if (!Object.hasOwn(CUSTOMERS, id)) return void response.status(404).end();
    return void response.cookie(COOKIE, id, { httpOnly: true, sameSite: "lax" }).status(204).end();
  });

  router.delete("/", (_request, response) => void response.clearCookie(COOKIE).status(204).end());

  return router;
}

function customerOf({ headers }: Request): string | undefined {
  const id = /(?:^|; )customer=(\w+)/.exec(headers.cookie ?? "")?.[1] ?? "";
  return Object.hasOwn(CUSTOMERS, id) ? id : undefined;
}
