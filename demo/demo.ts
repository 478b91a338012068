/** The whole demo in one process: the local platform, the proxy and the shop, on three ports. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { startServer, type ProxyServer } from "../proxy/server.ts";
import { createPlatform, type Platform, type PlatformOptions } from "./platform/index.ts";
import { SHOP_BRANDING } from "./site/branding.ts";
import { createSite, type Site } from "./site-server.ts";
import { hasRealKey, namePlatform, wire, type Wiring } from "./wiring.ts";

export type DemoOptions = {
  /** 0 takes a free port. Defaults: 3000, 8787, 4100. */
  sitePort?: number;
  proxyPort?: number;
  platformPort?: number;
  sessionSecret: string;
  /** Anything the local platform should do otherwise. */
  platform?: PlatformOptions;
  /**
   * Settings of the proxy. `PLATFORM` says which of the platforms the demo runs on; with
   * `LEX_API_KEY` or `LEXEY_CUSTOMER_KEY` it is the real one.
   */
  environment?: NodeJS.ProcessEnv;
};

export type Demo = {
  site: Site;
  proxy: ProxyServer;
  /** Null when the real platform is used. */
  platform: Platform | null;
  close: () => Promise<void>;
};

/** How often another free port is tried for the proxy. */
const TRIES = 5;

/** Rejects when a port is taken or a setting is wrong; nothing stays open then. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      // The port was free when it was settled.
      const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!isTaken || options.proxyPort !== 0 || tries === TRIES) throw error;
    }
  }
}

async function startOnce(options: DemoOptions): Promise<Demo> {
  // A blank line of an .env file is no value.
  const given = Object.entries(options.environment ?? {}).filter(([, value]) => value?.trim());
  const environment: NodeJS.ProcessEnv = Object.fromEntries(given);
  const identitySecret = environment.IDENTITY_SECRET ?? randomBytes(32).toString("hex");
  const opened: Array<{ close: () => Promise<void> }> = [];
  const keep = <Part extends { close: () => Promise<void> }>(part: Part): Part => {
    opened.unshift(part);
    return part;
  };
  const close = async (): Promise<void> => {
    for (const part of opened) await part.close();
  };

  try {
    // The shop and the platform have to know the proxy's address: a free port is settled first.
    const proxyPort = options.proxyPort === 0 ? await freePort() : (options.proxyPort ?? 8787);
    const name = namePlatform(environment);
    const wiring = wire(name, proxyPort);
    const platform = hasRealKey(name, environment)
      ? null
      : keep(await startPlatform(options, wiring));
    const site = keep(
      await createSite({
        port: options.sitePort ?? 3000,
        proxyUrl: `http://localhost:${proxyPort}`,
        identitySecret,
      }),
    );
    const proxy = keep(
      await startServer(
        {},
        {
          HOST: "127.0.0.1",
          LOG_LEVEL: "warn",
          DRAIN_SECONDS: "1",
          ALLOWED_ORIGINS: `${site.url},${site.url.replace("localhost", "127.0.0.1")}`,
          SESSION_SECRET: options.sessionSecret,
          IDENTITY_SECRET: identitySecret,
          // The preview on the owner's page chats from there.
          PUBLIC_URL: `http://localhost:${proxyPort}`,
          ...SHOP_BRANDING,
          ...(platform && wiring.defaults),
          ...environment,
          ...(platform && wiring.toSettings(platform)),
          PORT: String(proxyPort),
        },
      ),
    );
    return { site, proxy, platform, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startPlatform(options: DemoOptions, wiring: Wiring): Promise<Platform> {
  const siteUrl = `http://localhost:${options.sitePort || 3000}`;
  return createPlatform({
    port: options.platformPort ?? 4100,
    siteUrl,
    ...wiring.options,
    ...options.platform,
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
