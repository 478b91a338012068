/** Whom the site has signed in, over a chat whose proxy is played by the test. */
import { signal } from "@preact/signals-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SessionResponse } from "../../../../proxy/protocol.ts";
import { enter, personOf, type SignIn } from "../../../../widget/identity/person.ts";
import type { View } from "../../../../widget/state/view.ts";
import { ChatError } from "../../../../widget/transport/errors.ts";
import { agent, init } from "../events.ts";
import { fail, startChat } from "../start-chat.ts";

const session: SessionResponse = { token: "t", expiresAt: "", visitorId: "u_1" };
const list = (...ids: string[]) =>
  Response.json({ conversations: ids.map((conversationId) => ({ conversationId })) });

/** Each one is another text, of the same person. */
let count = 0;
const sign = (sub: string): string => {
  const payload = Buffer.from(JSON.stringify({ sub, jti: (count += 1) })).toString("base64url");
  return `e30.${payload}.c2ln`;
};

const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
afterEach(() => void warn.mockClear());

const page = new EventTarget();
vi.stubGlobal("addEventListener", page.addEventListener.bind(page));

function signIn(identity = sign("ada"), onIdentityExpired?: () => Promise<string> | string) {
  const started = startChat();
  const isOpen = signal(false);
  const view = { isOpen, config: signal({ onIdentityExpired }) } as unknown as View;
  // As the panel does: the same person's is taken, for somebody else it makes room.
  const identify = vi.fn((next: string) => void (seat.renew?.(next) || life.abort()));
  const handle = { identify, open: vi.fn() };
  const life = new AbortController();
  const become = vi.fn();
  const seat: SignIn = {
    identity,
    chat: started.chat,
    view,
    handle,
    signal: life.signal,
    identify,
    become,
  };
  const post = vi.fn(async (_identity: string) => session);
  started.transport.ask.mockImplementation(async () => list());
  return { ...started, become, handle, isOpen, life, person: enter(seat), post, seat };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a person who is signed in", () => {
  it("is the same one each time", () => {
    const { chat, person, seat } = signIn();
    expect(enter(seat)).toBe(person);
    expect(personOf(chat)).toBe(person);
    expect(personOf(startChat().chat)).toBeUndefined();
  });

  it("opens a session by the site's word, which counts once, and tells all tabs of the next", async () => {
    const [first, second] = [sign("ada"), sign("ada")];
    const ask = vi.fn(() => second);
    const { handle, person, post } = signIn(first, ask);
    expect(await person.open(post)).toBe(session);
    expect(ask).not.toHaveBeenCalled();
    await person.open(post);
    expect(post.mock.calls).toEqual([[first], [second]]);
    expect(ask).toHaveBeenCalledOnce();
    expect(handle.identify.mock.calls).toEqual([[second]]);
  });

  it("takes a newer word of the page's own accord", async () => {
    const [first, second] = [sign("ada"), sign("ada")];
    const { person, post } = signIn(first);
    await person.open(post);
    expect(person.renew(second)).toBe(true);
    await person.open(post);
    expect(post.mock.calls).toEqual([[first], [second]]);
  });

  it("takes it also while the one before is on its way", async () => {
    const [first, second] = [sign("ada"), sign("ada")];
    const { person, post } = signIn(first);
    const opening = person.open(post);
    person.renew(second);
    await opening;
    await person.open(post);
    expect(post.mock.calls).toEqual([[first], [second]]);
  });

  it.each([sign("bob"), "", "nonsense"])("does not take %j for theirs", (other) => {
    expect(signIn().person.renew(other)).toBe(false);
  });

  it("is nobody that another one could be, where the word is none", () => {
    expect(signIn("nonsense").person.renew("nonsense")).toBe(false);
  });

  it("keeps a word that could not be used, as without a line", async () => {
    const { person, post } = signIn();
    post.mockRejectedValueOnce(fail("network"));
    await expect(person.open(post)).rejects.toMatchObject({ code: "network" });
    await person.open(post);
    expect(post.mock.calls[1]).toEqual(post.mock.calls[0]);
  });

  it("asks for another word when the first one has become too old in the page", async () => {
    const next = sign("ada");
    const { person, post } = signIn(sign("ada"), async () => next);
    post.mockRejectedValueOnce(fail("identity_invalid"));
    expect(await person.open(post)).toBe(session);
    expect(post.mock.calls[1]).toEqual([next]);
  });

  it.each([
    ["the page says nothing of it", undefined],
    ["the page has no word", () => ""],
    ["the page's callback fails", () => Promise.reject(new Error("HTTP 500"))],
    [
      "the page's callback throws",
      () => {
        throw new Error("oops");
      },
    ],
  ])("is signed out when %s, and asks no more", async (_, onIdentityExpired) => {
    const ask = onIdentityExpired && vi.fn(onIdentityExpired as () => string);
    const { person, post } = signIn(sign("ada"), ask);
    await person.open(post);
    for (let round = 0; round < 2; round += 1)
      await expect(person.open(post)).rejects.toMatchObject({
        code: "token_expired",
        retryable: false,
      });
    expect(post).toHaveBeenCalledOnce();
    if (ask) expect(ask).toHaveBeenCalledOnce();
  });

  it("tells the page's author why the proxy does not take the word", async () => {
    const { person, post } = signIn();
    post.mockRejectedValue(fail("identity_invalid"));
    await expect(person.open(post)).rejects.toThrow("because identity_invalid");
  });

  it("asks once for a word that the proxy does not take either", async () => {
    const ask = vi.fn(() => sign("ada"));
    const { person, post } = signIn(sign("ada"), ask);
    post.mockRejectedValue(fail("identity_invalid"));
    await expect(person.open(post)).rejects.toMatchObject({ code: "token_expired" });
    expect(ask).toHaveBeenCalledOnce();
  });

  it("gives way when the site has signed in somebody else", async () => {
    const bob = sign("bob");
    const { handle, person, post } = signIn(sign("ada"), () => bob);
    await person.open(post);
    await expect(person.open(post)).rejects.toBeInstanceOf(ChatError);
    expect(handle.identify).toHaveBeenCalledExactlyOnceWith(bob);
    expect(post).toHaveBeenCalledOnce();
  });

  it("asks for nothing once the panel is gone", async () => {
    const ask = vi.fn(() => sign("bob"));
    const { handle, life, person, post } = signIn(sign("ada"), ask);
    await person.open(post);
    life.abort();
    await expect(person.open(post)).rejects.toBeInstanceOf(ChatError);
    expect(ask).not.toHaveBeenCalled();
    expect(handle.identify).not.toHaveBeenCalled();
  });

  it("leaves a page that is put aside, for which nothing waits any more once they are gone", () => {
    const aside = Object.assign(new Event("pagehide"), { persisted: true });
    const [gone, here] = [signIn(), signIn()];
    gone.life.abort();
    page.dispatchEvent(aside);
    expect(here.become).toHaveBeenCalledExactlyOnceWith("");
    expect(gone.become).not.toHaveBeenCalled();
    here.life.abort();
  });

  it("becomes nobody on demand", () => {
    const { handle, person } = signIn();
    person.leave();
    expect(handle.identify).toHaveBeenCalledExactlyOnceWith("");
    expect(handle.open).toHaveBeenCalledExactlyOnceWith(true);
  });
});

describe("the last conversation", () => {
  it("is shown when the chat is opened, not before", async () => {
    const { followed, isOpen, transport } = signIn();
    transport.ask.mockImplementation(async () => list("h7"));
    expect(transport.ask).not.toHaveBeenCalled();
    isOpen.value = true;
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    expect(transport.ask.mock.calls).toEqual([["api/conversations?limit=1"]]);
    expect(followed[0]?.conversation).toBe("h7");
  });

  it("is looked for once: who begins a new one stays there", async () => {
    const { chat, followed, isOpen, transport } = signIn();
    transport.ask.mockImplementation(async () => list("h7"));
    isOpen.value = true;
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    chat.switchTo();
    isOpen.value = false;
    isOpen.value = true;
    await settled();
    expect(transport.ask).toHaveBeenCalledOnce();
    expect(chat.handle).toBeUndefined();
  });

  it("is looked for again at the next opening when there was no line", async () => {
    const { followed, isOpen, transport } = signIn();
    transport.ask.mockRejectedValueOnce(fail("network"));
    isOpen.value = true;
    await settled();
    transport.ask.mockImplementation(async () => list("h7"));
    isOpen.value = false;
    isOpen.value = true;
    await vi.waitFor(() => expect(followed).toHaveLength(1));
  });

  it("does not take the place of what was written meanwhile", async () => {
    const { chat, followed, isOpen, transport } = signIn();
    const { promise, resolve } = Promise.withResolvers<Response>();
    transport.ask.mockReturnValueOnce(promise);
    isOpen.value = true;
    await chat.send("Hello");
    resolve(list("h7"));
    await settled();
    expect(followed.map(({ conversation }) => conversation)).toEqual(["h1"]);
  });

  it("is not opened in a panel that is gone", async () => {
    const { followed, isOpen, life, transport } = signIn();
    transport.ask.mockImplementation(async () => list("h7"));
    isOpen.value = true;
    life.abort();
    await settled();
    expect(followed).toEqual([]);
  });

  it("shows that the visitor is signed out when that is why it can't be looked for", async () => {
    const { chat, isOpen, transport } = signIn();
    transport.ask.mockRejectedValueOnce(fail("token_expired"));
    isOpen.value = true;
    await vi.waitFor(() => expect(chat.refusal.value).toBe("token_expired"));
    expect(warn.mock.calls[0]?.[0]).toContain("because token_expired");
  });
});

describe("a session that has ended", () => {
  /** The stream and a message were refused. */
  async function end() {
    const started = signIn();
    const { chat, followed, isOpen, person, post, transport } = started;
    transport.ask.mockImplementation(async () => list("h7"));
    isOpen.value = true;
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    followed[0]?.emit(init({ messages: [agent("a1")] }));
    await person.open(post);
    await person.open(post).catch((error: Error) => followed[0]?.reject(error));
    await vi.waitFor(() => expect(chat.refusal.value).toBe("token_expired"));
    transport.send.mockRejectedValueOnce(fail("token_expired"));
    await chat.send("Are you there?");
    expect(chat.transcript.value.entries.at(-1)?.delivery).toBe("failed");
    return started;
  }

  it("goes on with the same person's word: the stream and what was written since", async () => {
    const { chat, followed, person, sent } = await end();
    expect(person.renew(sign("ada"))).toBe(true);
    expect(chat.refusal.value).toBeUndefined();
    await vi.waitFor(() => expect(sent).toMatchObject([{ content: "Are you there?" }]));
    expect(followed.map(({ conversation }) => conversation).slice(0, 2)).toEqual(["h7", "h7"]);
  });

  it("sends nothing by somebody else's", async () => {
    const { chat, person, sent } = await end();
    expect(person.renew(sign("bob"))).toBe(false);
    await settled();
    expect(sent).toEqual([]);
    expect(chat.refusal.value).toBe("token_expired");
  });

  it("leaves a message alone that failed for another reason", async () => {
    const { chat, person, sent, transport } = await end();
    transport.send.mockRejectedValueOnce(fail("message_too_long"));
    await chat.send("x");
    person.resume();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    await settled();
    expect(sent.map(({ content }) => content)).toEqual(["Are you there?"]);
  });

  it("does not wait for a site that never answers, when the page brings another JWT", async () => {
    const { person, post } = signIn(sign("ada"), () => new Promise<string>(() => undefined));
    await person.open(post);
    const opening = person.open(post);
    await settled();
    expect(person.renew(sign("ada"))).toBe(true);
    expect(await opening).toBe(session);
  });

  it("keeps the JWT when the proxy's answer can't be read", async () => {
    const { person, post } = signIn();
    post.mockRejectedValueOnce(new SyntaxError("Unexpected token <"));
    await expect(person.open(post)).rejects.toThrow("Unexpected token");
    expect(await person.open(post)).toBe(session);
  });

  it("stays when the site answers with a page instead of a JWT", async () => {
    const { handle, person, post } = signIn(sign("ada"), () => "<!doctype html>");
    await person.open(post);
    await expect(person.open(post)).rejects.toMatchObject({ code: "token_expired" });
    expect(handle.identify).not.toHaveBeenCalled();
  });

  it("asks for nothing once another has come", async () => {
    const { isOpen, life, transport } = signIn();
    life.abort();
    isOpen.value = true;
    await settled();
    expect(transport.ask).not.toHaveBeenCalled();
  });
});
