import { beforeEach, describe, expect, it, vi } from "vitest";
import { mount } from "../../widget/mount.ts";
import "./set-up.ts";

const PROXY = "https://chat.example.com";

beforeEach(() => void vi.stubGlobal("fetch", vi.fn()));

describe("mount", () => {
  it("puts one element into the target, and takes it away again", async () => {
    const target = document.createElement("main");
    const handle = await mount({ proxy: PROXY, target, agentName: "Marlow" });
    expect(target.children).toHaveLength(1);
    const button = target.firstElementChild?.shadowRoot?.querySelector("button");
    expect(button?.ariaLabel).toBe("Chat – Marlow");
    handle.destroy();
    expect(target.children).toHaveLength(0);
  });

  it("is a chat, in the language of the page, where the agent has no name", async () => {
    const target = document.createElement("main");
    target.lang = "ja";
    const handle = await mount({ proxy: PROXY, target });
    const button = target.firstElementChild?.shadowRoot?.querySelector("button");
    expect(button?.ariaLabel).toBe("チャット");
    handle.destroy();
  });

  it("takes the body when there is no target, and asks for nothing", async () => {
    const handle = await mount({ proxy: PROXY });
    expect(document.body.children).toHaveLength(1);
    expect(fetch).not.toHaveBeenCalled();
    handle.destroy();
  });

  it("opens the panel that comes with the package", async () => {
    const target = document.createElement("main");
    document.body.append(target);
    const handle = await mount({ proxy: PROXY, target });
    await handle.open();
    const panel = target.firstElementChild?.shadowRoot?.querySelector("dialog[open]");
    expect(panel).toBeTruthy();
    handle.destroy();
    target.remove();
  });

  it.each([undefined, "", "chat.example.com"])("rejects the address %j", async (proxy) => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await expect(mount({ proxy: proxy as string })).rejects.toThrow("mount() needs `proxy`");
    expect(document.body.children).toHaveLength(0);
  });
});
