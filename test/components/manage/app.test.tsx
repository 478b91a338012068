import { act, fireEvent, render, screen } from "@testing-library/preact";
import { describe, expect, it, vi } from "vitest";
import type { OverviewResponse } from "../../../proxy/protocol.ts";
import { App } from "../../../widget/manage/components/App.tsx";
import { createSession } from "../../../widget/manage/state/session.ts";
import type { Owner } from "../../../widget/manage/transport/owner.ts";
import { ChatError } from "../../../widget/transport/errors.ts";
import "../set-up.ts";

const TOKEN = "admin-token-of-the-component-tests-0123456789";
const OVERVIEW: OverviewResponse = {
  platform: "lexey",
  hasManagement: true,
  isBrandingManaged: true,
  canPreviewChat: true,
  scriptTag: "<script></script>",
  allowedOrigins: [],
};
const refusal = (code: ChatError["code"]) =>
  new ChatError({ code, message: `said ${code}`, retryable: false });

/** The page over a proxy that the test plays. The dashboard is two buttons. */
function draw(overview = vi.fn<Owner["overview"]>(async () => OVERVIEW)) {
  let made = 0;
  const history = vi.fn<Owner["history"]>();
  const use = vi.fn<Owner["use"]>();
  const owner = { use, overview, history } as Partial<Owner> as Owner;
  const session = createSession(owner);
  const file = {
    createModels: () => ({ name: `models ${(made += 1)}` }),
    Dashboard: (props: { models: { name: string }; onSignOut: () => void }) => (
      <main>
        <h1>{props.models.name}</h1>
        <button type="button" onClick={props.onSignOut}>
          Sign out
        </button>
      </main>
    ),
  };
  type Load = App["props"]["load"];
  const load = vi.fn(async () => file as unknown as Awaited<ReturnType<Load>>);
  render(<App session={session} load={load} />);
  const signIn = (token: string): void => {
    fireEvent.input(screen.getByLabelText("Admin token"), { target: { value: token } });
    fireEvent.submit(screen.getByLabelText("Admin token"));
  };
  return { session, use, overview, history, load, signIn };
}

describe("the form", () => {
  it("has the focus, and loads nothing before somebody has signed in", () => {
    const { load } = draw();
    expect(document.activeElement).toBe(screen.getByLabelText("Admin token"));
    expect(load).not.toHaveBeenCalled();
  });

  it("asks the proxy with the token, without the spaces around it, and shows the page", async () => {
    const { use, load, signIn } = draw();
    signIn(`  ${TOKEN}\n`);
    expect(await screen.findByRole("heading", { name: "models 1" })).toBeTruthy();
    expect(use.mock.calls).toEqual([[TOKEN]]);
    expect(load).toHaveBeenCalledOnce();
  });

  it("asks nobody without a token", () => {
    const { overview, signIn } = draw();
    signIn("  ");
    expect(overview).not.toHaveBeenCalled();
  });

  it.each([
    ["admin_token_invalid", "not the proxy's ADMIN_TOKEN"],
    ["too_many_requests", "Too many wrong tokens"],
    ["network", "can't be reached"],
    ["route_not_found", "said route_not_found"],
  ] as const)("says what is wrong after %s, and forgets the token", async (code, words) => {
    const { use, load, signIn } = draw(vi.fn(() => Promise.reject(refusal(code))));
    signIn(TOKEN);
    expect((await screen.findByRole("alert")).textContent).toContain(words);
    expect(use.mock.lastCall).toEqual([""]);
    expect(load).not.toHaveBeenCalled();
    expect(screen.getByLabelText("Admin token").getAttribute("aria-invalid")).toBe("true");
  });

  it("keeps the token nowhere: no storage, no address, no cookie", async () => {
    const { signIn } = draw();
    signIn(TOKEN);
    await screen.findByRole("heading", { name: "models 1" });
    const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
    expect(`${kept.join()} ${location.href} ${document.body.innerHTML}`).not.toContain(TOKEN);
  });
});

describe("somebody who is signed in", () => {
  it("is asked again when the token is refused, and finds everything as it was", async () => {
    const { session, history, signIn } = draw();
    signIn(TOKEN);
    await screen.findByRole("heading", { name: "models 1" });
    history.mockRejectedValueOnce(refusal("admin_token_invalid"));
    await act(async () => void (await session.owner.history().catch(() => undefined)));
    expect(screen.getByRole("alert").textContent).toContain("Sign in again");
    signIn(TOKEN);
    expect(await screen.findByRole("heading", { name: "models 1" })).toBeTruthy();
  });

  it("stays signed in when a call fails for another reason", async () => {
    const { session, history, signIn } = draw();
    signIn(TOKEN);
    await screen.findByRole("heading", { name: "models 1" });
    history.mockRejectedValueOnce(refusal("network"));
    await expect(session.owner.history()).rejects.toMatchObject({ code: "network" });
    expect(screen.getByRole("heading", { name: "models 1" })).toBeTruthy();
  });

  it("leaves nothing behind after signing out", async () => {
    const { use, signIn } = draw();
    signIn(TOKEN);
    fireEvent.click(await screen.findByRole("button", { name: "Sign out" }));
    expect(screen.getByLabelText("Admin token")).toBeTruthy();
    expect(use.mock.lastCall).toEqual([""]);
    signIn(TOKEN);
    expect(await screen.findByRole("heading", { name: "models 2" })).toBeTruthy();
  });
});
