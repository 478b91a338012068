/** What the owner calls with ADMIN_TOKEN; without that setting there is nothing at these addresses. */
import { answer, refusals, type Paths } from "./operation.ts";
import { text } from "./schema.ts";

const OWNER = [{ adminToken: [] }];

export const OWNER_PATHS: Paths = {
  "/metrics": {
    get: {
      operationId: "getMetrics",
      tags: ["owner"],
      summary: "What the proxy counts, in Prometheus' format.",
      security: OWNER,
      responses: {
        200: answer("Prometheus' text format.", text(), "text/plain"),
        ...refusals("admin_token_invalid", "too_many_requests"),
      },
    },
  },
};
