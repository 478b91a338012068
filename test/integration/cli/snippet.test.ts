import { describe, expect, it } from "vitest";
import { runCli } from "../../support/cli.ts";

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
