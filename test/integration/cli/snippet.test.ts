import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { buildWidget } from "../../support/build-widget.ts";
import { runCli } from "../../support/cli.ts";
import { startPlatform } from "../../support/proxy.ts";

const PUBLIC_URL = "https://chat.example.com/chat/";

describe("lex-chat snippet", () => {
  it("prints the tag with the branding that is set, and needs no key", async () => {
    const environment = { PUBLIC_URL, AGENT_NAME: 'Ada "A" <3', PRIMARY_COLOR: "#2563EB" };
    const { code, out, errors } = await runCli(["snippet"], { environment });
    expect(out).toBe(`<script
  async
  src="https://chat.example.com/chat/widget.js"
  data-agent-name="Ada &quot;A&quot; &lt;3"
  data-primary-color="#2563EB"
></script>
`);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
  });

  it.each([
    [["--bare"], "https://chat.example.com/chat/widget.js"],
    [["--bare", "https://other.example"], "https://other.example/widget.js"],
  ])("%j leaves the branding to the proxy", async (args, src) => {
    const environment = { PUBLIC_URL, AGENT_NAME: "Ada" };
    const { out } = await runCli(["snippet", ...args], { environment });
    expect(out).toBe(`<script async src="${src}"></script>\n`);
  });

  it("leaves the branding to the configuration agent with BRANDING=managed", async () => {
    const environment = { PUBLIC_URL, AGENT_NAME: "Ada", BRANDING: "managed" };
    const { out } = await runCli(["snippet"], { environment });
    expect(out).not.toContain("Ada");
  });

  it("prints JSON for programs", async () => {
    const environment = { PUBLIC_URL, WELCOME_HEADING: "Need help?" };
    const { out } = await runCli(["snippet", "--json"], { environment });
    expect(JSON.parse(out)).toEqual({
      html: expect.stringContaining('data-welcome-heading="Need help?"'),
      src: "https://chat.example.com/chat/widget.js",
      attributes: { "data-welcome-heading": "Need help?" },
    });
  });

  it.each([
    [{}, /PUBLIC_URL is not set: .*\n {2}→ set it, or give the address/],
    [{ PUBLIC_URL, PRIMARY_COLOR: "blue" }, /PRIMARY_COLOR is "blue": use a hex colour/],
  ])("says what is wrong with %j, and exits with 1", async (environment, message) => {
    const { code, out, errors } = await runCli(["snippet"], { environment });
    expect(errors).toMatch(message);
    expect({ code, out }).toEqual({ code: 1, out: "" });
  });
});

describe("lex-chat snippet --sri", () => {
  const SHOP = "https://www.example.com/lex-chat";
  let path: string;
  let pinned: { integrity: string; crossorigin: string };

  beforeAll(() => {
    const assets = `${buildWidget()}assets/`;
    const name = readdirSync(assets).find((name) => /^widget-.*\.js$/.test(name)) ?? "";
    const hash = createHash("sha384").update(readFileSync(assets + name));
    path = `assets/${name}`;
    pinned = { integrity: `sha384-${hash.digest("base64")}`, crossorigin: "anonymous" };
  });

  it("prints the loader's versioned address, its hash and all that the proxy would have written into it", async () => {
    const environment = {
      PUBLIC_URL,
      AGENT_NAME: `Ada" onload="alert(1)`,
      FEEDBACK: "off",
      CONVERSATIONS: "shared",
      LIMIT_MESSAGE_CHARACTERS: "500",
    };
    const { code, out, errors } = await runCli(["snippet", "--sri"], { environment });
    expect(out).toBe(`<script
  async
  src="https://chat.example.com/chat/${path}"
  integrity="${pinned.integrity}"
  crossorigin="anonymous"
  data-agent-name="Ada&quot; onload=&quot;alert(1)"
  data-feedback="off"
  data-new-conversation="off"
  data-message-characters="500"
></script>
`);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
  });

  it("names the proxy where the files are the site's own", async () => {
    const args = ["snippet", "--sri", "--files", `${SHOP}/`, "--json"];
    const { out } = await runCli(args, { environment: { PUBLIC_URL } });
    expect(JSON.parse(out)).toMatchObject({
      src: `${SHOP}/${path}`,
      attributes: { ...pinned, "data-proxy": PUBLIC_URL.slice(0, -1) },
    });
  });

  it("asks the configuration agent under BRANDING=managed, whose words go before the settings'", async () => {
    const platform = await startPlatform({ managementKeys: ["lxm_snippet"] });
    const lexey = { LEXEY_URL: platform.url, LEXEY_MANAGEMENT_KEY: "lxm_snippet" };
    await runCli(["manage", "Set our agent name to 'Juno'"], { environment: lexey });
    const environment = {
      ...lexey,
      PUBLIC_URL,
      BRANDING: "managed",
      AGENT_NAME: "Ada",
      PRIMARY_COLOR: "#2563EB",
    };
    const { out, errors } = await runCli(["snippet", "--sri", "--json"], { environment });
    expect(errors).toBe("");
    expect(JSON.parse(out)).toMatchObject({
      attributes: { ...pinned, "data-agent-name": "Juno", "data-primary-color": "#2563EB" },
    });
  });

  it.each([
    [["--files", SHOP], {}, 2, /--files goes with --sri/],
    [["--sri", "--files", "shop"], {}, 2, /"shop" is no address/],
    [["--sri"], { LIMIT_MESSAGE_CHARACTERS: "x" }, 1, /LIMIT_MESSAGE_CHARACTERS is "x"/],
    [["--sri"], { BRANDING: "managed" }, 1, /LEXEY_MANAGEMENT_KEY is not set/],
  ])("says what is wrong with %j and %j", async (args, settings, code, message) => {
    const environment = { PUBLIC_URL, ...settings };
    const run = await runCli(["snippet", ...args], { environment });
    expect(run.errors).toMatch(message);
    expect(run).toMatchObject({ code, out: "" });
  });
});
