import { expect, it } from "vitest";
import type { BrandingResponse } from "../../../proxy/protocol.ts";
import { call, eventually, startPlatform, type TestProxy } from "../../support/proxy.ts";
import { startRedis } from "../../support/redis.ts";
import { makeWidget } from "../../support/widget-files.ts";
import { manage, MANAGEMENT_KEY, owner, startOwners } from "../management/owners.ts";

const NAME = "Acme Support";
const QUESTION = { message: `Set our agent name to '${NAME}'` };

it("a message to the configuration agent by one proxy changes the branding of all", async () => {
  const [redis, platform] = await Promise.all([
    startRedis(),
    startPlatform({ managementKeys: [MANAGEMENT_KEY] }),
  ]);
  const start = async (): Promise<TestProxy> => {
    const settings = { BRANDING: "managed", REDIS_URL: redis.url };
    const brandingTimes = { refreshMs: 3_600_000 };
    const widgetFolder = makeWidget();
    const proxy = await startOwners(platform.url, settings, { widgetFolder, brandingTimes });
    await eventually("Redis", () => proxy.log.find(({ msg }) => msg === "Redis is connected"));
    return proxy;
  };
  const [first, second] = await Promise.all([start(), start()]);
  /** When the agent is not being asked. */
  const nameAt = async ({ url }: TestProxy): Promise<string | undefined> =>
    (await call<BrandingResponse>(`${url}/manage/branding`, { headers: owner })).body.branding
      .agentName;
  for (const proxy of [first, second]) expect(await nameAt(proxy)).toBeUndefined();

  const { body } = await manage(first, "/conversations", { method: "POST" });
  const { conversationId } = body as { conversationId: string };
  await manage(first, `/conversations/${conversationId}/messages`, { body: QUESTION });

  for (const proxy of [first, second])
    await eventually("the new name", async () => (await nameAt(proxy)) === NAME || undefined);
});
