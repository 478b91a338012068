import { act, fireEvent, render, screen, within } from "@testing-library/preact";
import { signal } from "@preact/signals-core";
import { describe, expect, it, vi } from "vitest";
import type { OverviewResponse } from "../../../proxy/protocol.ts";
import { Configure } from "../../../widget/manage/components/Configure.tsx";
import type { Manager } from "../../../widget/manage/state/manager.ts";
import { emptyTranscript, type Transcript } from "../../../widget/state/transcript.ts";
import "../set-up.ts";

const OVERVIEW: OverviewResponse = {
  platform: "lexey",
  hasManagement: true,
  isBrandingManaged: true,
  canPreviewChat: true,
  scriptTag: "",
  allowedOrigins: [],
};
const said = (role: "user" | "assistant", content: string, rest = {}) => ({
  id: content,
  uid: content,
  role,
  content,
  created_at: "2026-03-01T12:00:00.000Z",
  ...rest,
});

function draw(overview: Partial<OverviewResponse> = {}) {
  const transcript = signal<Transcript>(emptyTranscript);
  const manager = {
    transcript,
    send: vi.fn<Manager["send"]>(async () => undefined),
    retry: vi.fn<Manager["retry"]>(async () => undefined),
    stop: vi.fn<Manager["stop"]>(),
    startNew: vi.fn<Manager["startNew"]>(),
  };
  render(<Configure overview={{ ...OVERVIEW, ...overview }} manager={manager} />);
  const show = (changes: Partial<Transcript>) =>
    act(() => void (transcript.value = { ...transcript.value, ...changes }));
  return { manager, show };
}

describe("the talk with the configuration agent", () => {
  it("begins with questions that change nothing, each of which a click asks", () => {
    const { manager } = draw();
    const questions = within(screen.getByRole("list")).getAllByRole("button");
    expect(questions.length).toBeGreaterThan(2);
    for (const question of questions)
      expect(question.textContent).toMatch(/^(What|Which|How).*\?$/);
    fireEvent.click(screen.getByRole("button", { name: "What is our current branding?" }));
    expect(manager.send).toHaveBeenCalledExactlyOnceWith("What is our current branding?");
  });

  it("sends what is typed, and empties the field", () => {
    const { manager } = draw();
    const input = screen.getByRole<HTMLTextAreaElement>("textbox");
    fireEvent.input(input, { target: { value: "Set our name to Acme" } });
    fireEvent.keyDown(input, { key: "Enter" });
    expect(manager.send).toHaveBeenCalledExactlyOnceWith("Set our name to Acme");
    expect([input.value, document.activeElement]).toEqual(["", input]);
  });

  it("draws Markdown as it comes, and can be stopped", () => {
    const { manager, show } = draw();
    const answer = said("assistant", "Set: **Acme** now", { isStreaming: true });
    show({ entries: [said("user", "Hi"), answer], state: "responding" });
    expect(screen.getByText("Acme").localName).toBe("strong");
    fireEvent.click(screen.getByRole("button", { name: "Stop answering" }));
    expect(manager.stop).toHaveBeenCalledOnce();
  });

  it.each([
    ["platform_rejected_request", "check LEXEY_MANAGEMENT_KEY"],
    ["conversation_full", "send it again to begin another one"],
    ["network", "the proxy can't be reached"],
  ] as const)("says what to do about %s", (code, words) => {
    const { show } = draw();
    const failure = { code, retryable: false };
    show({ entries: [said("user", "Hi", { delivery: "failed", failure })] });
    expect(screen.getByRole("alert").textContent).toContain(words);
  });

  it("says that an answer broke off, and that it may have changed something", () => {
    const { show } = draw();
    show({ entries: [said("user", "Hi")], failure: { code: "answer_lost", retryable: false } });
    expect(screen.getByRole("alert").textContent).toContain("may be done");
  });

  it("is begun anew by its button", () => {
    const { manager } = draw();
    fireEvent.click(screen.getByRole("button", { name: "Start over" }));
    expect(manager.startNew).toHaveBeenCalledOnce();
  });
});

describe("without what it needs, the page", () => {
  it("says which keys the talk takes", () => {
    draw({ platform: "lex", hasManagement: false, isBrandingManaged: false });
    expect(screen.getByText(/LEXEY_MANAGEMENT_KEY/)).toBeTruthy();
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("says that the chat keeps the settings' branding", () => {
    draw({ isBrandingManaged: false });
    expect(screen.getByText(/BRANDING=managed/)).toBeTruthy();
    expect(screen.getByRole("textbox")).toBeTruthy();
  });
});
