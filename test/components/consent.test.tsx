import { act, fireEvent, screen, waitFor } from "@testing-library/preact";
import { beforeAll, describe, expect, it } from "vitest";
import { drawPanel } from "./draw-panel.tsx";

// The first import compiles it.
beforeAll(() => import("../../widget/menu/Consent.tsx"));

const consent = "We keep what you write: see our [privacy policy](https://example.com/privacy).";
const agree = () => screen.findByRole("button", { name: "Agree and start" });

describe("the consent", () => {
  it("takes the composer's place, with its links, and the focus", async () => {
    drawPanel({ consent }, { saved: {} });
    const button = await agree();
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(document.activeElement).toBe(button);
    const link = screen.getByRole("link", { name: "privacy policy" });
    expect(link.getAttribute("href")).toBe("https://example.com/privacy");
  });

  it.each([
    ["/privacy", "http://localhost:3000/privacy"],
    ["privacy.html#chat", "http://localhost:3000/privacy.html#chat"],
    ["//example.com/privacy", "http://example.com/privacy"],
    ["mailto:privacy@example.com", "mailto:privacy@example.com"],
  ])("has the link %s, as the page around it would", async (address, href) => {
    drawPanel({ consent: `See [our policy](${address}).` }, { saved: {} });
    await agree();
    expect(screen.getByRole("link").getAttribute("href")).toBe(href);
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "https://"])(
    "has no link to %s",
    async (address) => {
      drawPanel({ consent: `See [this](${address}).` }, { saved: {} });
      await agree();
      expect(screen.queryByRole("link")).toBeNull();
    },
  );

  it("gives way to the composer, and is stored with the first message", async () => {
    const { store, transport } = drawPanel({ consent }, { saved: {} });
    fireEvent.click(await agree());
    const input = await screen.findByRole<HTMLTextAreaElement>("textbox");
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(store.read()).toEqual({});
    fireEvent.input(input, { target: { value: "Hello" } });
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(transport.send).toHaveBeenCalledOnce());
    expect(store.read().hasConsented).toBe(true);
  });

  it("is not asked for again", () => {
    drawPanel({ consent }, { saved: { hasConsented: true } });
    expect(screen.getByRole("textbox")).toBeTruthy();
  });

  it("is not asked for where the page says nothing of it", () => {
    drawPanel({}, { saved: {} });
    expect(screen.getByRole("textbox")).toBeTruthy();
  });

  it("lets a suggested question, and what the page sends, wait in the composer", async () => {
    const { transport, view } = drawPanel({ consent, suggestions: "Do you ship?" }, { saved: {} });
    const button = await agree();
    fireEvent.click(screen.getByRole("button", { name: "Do you ship?" }));
    expect(document.activeElement).toBe(button);
    act(() => void view.send("And to Norway?"));
    expect(transport.send).not.toHaveBeenCalled();
    fireEvent.click(button);
    const input = await screen.findByRole<HTMLTextAreaElement>("textbox");
    expect(input.value).toBe("And to Norway?");
    expect(transport.send).not.toHaveBeenCalled();
  });

  it("is asked for again when the browser has forgotten", async () => {
    const { store, view } = drawPanel({ consent }, { saved: { token: "t", hasConsented: true } });
    await import("../../widget/menu/Menu.tsx");
    fireEvent.click(screen.getByRole("button", { name: "Menu" }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "Delete from this browser" }));
    fireEvent.click(await screen.findByRole("button", { name: "Delete" }));
    expect(await agree()).toBeTruthy();
    expect(store.read()).toEqual({});
    act(() => void view.send("Hello"));
    expect(store.read()).toEqual({});
  });
});
