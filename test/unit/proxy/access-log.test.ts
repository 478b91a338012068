import { expect, test } from "vitest";
import { toRoute } from "../../../proxy/middleware/access-log.ts";

test.each([
  ["/widget.js", "/widget.js"],
  ["/assets/panel-a1b2c3d4.js", "/assets/:name"],
  ["/api/session/", "/api/session"],
  ["/api/conversations", "/api/conversations"],
  ["/api/conversations/reply", "/api/conversations/reply"],
  ["/api/conversations/aGFuZGxl.c2ln/stream", "/api/conversations/:id/stream"],
  [
    "/api/conversations/aGFuZGxl.c2ln/messages/m-1/feedback",
    "/api/conversations/:id/messages/:messageId/feedback",
  ],
  ["/api/conversations/aGFuZGxl.c2ln", "other"],
  ["/api/conversations/a/b/stream", "other"],
  ["/.env?token=1", "other"],
  ["/", "other"],
])("the path %s is logged as %s", (path, route) => {
  expect(toRoute(path)).toBe(route);
});
