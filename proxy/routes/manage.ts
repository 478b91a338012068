/** `/manage`: the owner's page. The page itself is the same for everybody; what it shows needs `ADMIN_TOKEN`. */
import { Router, type RequestHandler } from "express";
import type { Config } from "../config.ts";
import { ProxyError } from "../errors.ts";
import { createAdminCheck } from "../middleware/admin.ts";
import type { RequestLimits } from "../middleware/limits.ts";
import { isOriginAllowed } from "../origins.ts";
import type { Branding, BrandingResponse, HistoryResponse, OverviewResponse } from "../protocol.ts";
import { renderTag } from "../script-tag.ts";
import { addressOf } from "./address-of.ts";
import { managePages } from "./manage-pages.ts";

export type ManageRoutesOptions = {
  config: Pick<
    Config,
    "adminToken" | "allowedOrigins" | "isBrandingManaged" | "origins" | "platform" | "publicUrl"
  >;
  /** What the build made for this page. */
  folder: string;
  hasManagement: boolean;
  branding: {
    /** As `widget.js` has it. */
    current: () => Partial<Branding>;
    /** Resolves when the configuration agent is not being asked. */
    settled: () => Promise<void>;
  };
  lastHour: { read: () => HistoryResponse };
  limits: RequestLimits;
};

export function manageRoutes(options: ManageRoutesOptions): Router {
  const { config, folder, hasManagement, branding, lastHour, limits } = options;
  const { adminToken, platform, isBrandingManaged, allowedOrigins, publicUrl, origins } = config;
  const router = Router();
  router.use(noStore);
  if (adminToken === null) return router.use(refuse);
  router.use(managePages(folder), createAdminCheck(adminToken, limits));

  router.get("/overview", (request, response) => {
    const address = addressOf(request, publicUrl, "/manage");
    const overview: OverviewResponse = {
      platform,
      hasManagement,
      isBrandingManaged,
      canPreviewChat:
        publicUrl !== null || isOriginAllowed(origins, `${request.protocol}://${request.host}`),
      // Without the branding, which comes with widget.js: attributes would keep it as it is now.
      scriptTag: renderTag(`${address}/widget.js`, {}),
      allowedOrigins: [...allowedOrigins],
    };
    response.json(overview);
  });

  router.get("/branding", async (_request, response) => {
    await branding.settled();
    const body: BrandingResponse = { branding: branding.current() };
    response.json(body);
  });

  router.get("/history", (_request, response) => {
    response.json(lastHour.read());
  });

  router.use(() => {
    throw new ProxyError("route_not_found");
  });
  return router;
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};

const refuse: RequestHandler = () => {
  throw new ProxyError("route_not_found", {
    detail: "The owner's page is off: set ADMIN_TOKEN on the chat proxy, at least 32 bytes.",
  });
};
