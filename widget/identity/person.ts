import { effect } from "@preact/signals-core";
import type { ConversationsResponse } from "../../proxy/protocol.ts";
import type { Chat } from "../state/chat.ts";
import { codeOf, isHopeless } from "../state/failure.ts";
import type { View } from "../state/view.ts";
import type { Opener } from "../transport/client.ts";
import { ChatError } from "../transport/errors.ts";
import { subjectOf } from "./subject.ts";

/** A visitor whom the site has signed in, and the panel that is theirs alone. */
export type SignIn = {
  /** A JWT of the site's server. */
  readonly identity: string | undefined;
  readonly chat: Chat;
  readonly view: View;
  /** The panel's, whoever it is of. */
  readonly handle: { open(takesFocus: boolean): void };
  /** Makes the panel somebody else's, in all tabs; by an empty text nobody's. */
  identify(identity: string): void;
  /** The same in this tab alone. */
  become(identity: string): void;
  /** Takes another JWT of the same person; false when it is somebody else's. */
  renew?(identity: string): boolean;
  /** Aborts when the panel is gone. */
  readonly signal: AbortSignal;
};

export type Person = ReturnType<typeof createPerson>;

/** The proxy's word for a JWT that it does not take. */
const INVALID = "identity_invalid";
/** In milliseconds. A site that takes longer has no answer. */
const PATIENCE = 30_000;

const people = new WeakMap<Chat, Person>();

export const personOf = (chat: Chat): Person | undefined => people.get(chat);

/** The person who is signed in: the same one each time. */
export function enter(signIn: SignIn): Person {
  const person = personOf(signIn.chat) ?? createPerson(signIn);
  people.set(signIn.chat, person);
  signIn.renew = person.renew;
  return person;
}

function createPerson(signIn: SignIn) {
  const { chat, view, handle, signal } = signIn;
  /** One that has opened no session yet. */
  let { identity } = signIn;
  const subject = subjectOf(identity);
  let hasEnded = false;
  let hasLooked = false;
  /** Ends the wait for the site. */
  let renewed: PromiseWithResolvers<undefined> | undefined;

  function take(): string | undefined {
    const jwt = identity;
    identity = undefined;
    return jwt;
  }

  /**
   * All tabs hear of it. By now the site may have signed in somebody else, who gets a panel of their own;
   * who has signed out may get a page of the site's instead.
   */
  async function ask(): Promise<string | undefined> {
    if (hasEnded || signal.aborted) return take();
    const { onIdentityExpired } = view.config.value;
    renewed = Promise.withResolvers();
    setTimeout(renewed.resolve, PATIENCE);
    const next = await Promise.race([onIdentityExpired?.(), renewed.promise]);
    if (subjectOf(next) !== undefined && !signal.aborted) signIn.identify(next as string);
    return take();
  }

  /** A session of this person. Rejects with `token_expired` when the site has to sign them in anew. */
  const open: Opener = async (post) => {
    let reason: unknown = "onIdentityExpired gave no JWT of theirs.";
    for (const find of [async () => take(), ask]) {
      const jwt = await find().catch((error: unknown) => void (reason = error));
      if (!jwt) continue;
      try {
        return await post(jwt);
      } catch (error) {
        if (codeOf(error) !== INVALID) {
          // It has opened none.
          identity ??= jwt;
          throw error;
        }
        // It has waited in the page until it was too old.
        reason = error;
      }
    }
    hasEnded = true;
    const message = `The visitor is signed out. ${reason}`;
    throw new ChatError({ code: "token_expired", message, retryable: false });
  };

  /** A page that is put aside may come back when somebody else has signed in, or nobody is any more. */
  function rest({ persisted }: PageTransitionEvent): void {
    if (!persisted) return;
    const { onIdentityExpired } = view.config.value;
    const comeBack = async () => {
      const next = await onIdentityExpired?.();
      if (subjectOf(next) !== undefined) signIn.identify(next as string);
    };
    addEventListener("pageshow", () => void comeBack().catch(() => undefined), { once: true });
    signIn.become("");
  }

  /** Shows the last conversation, of whatever browser. */
  async function look(): Promise<void> {
    if (hasLooked || chat.handle || signal.aborted) return;
    hasLooked = true;
    try {
      const response = await chat.transport.ask("api/conversations?limit=1");
      const { conversations } = (await response.json()) as ConversationsResponse;
      const isEmpty = !chat.handle && chat.transcript.value.entries.length === 0;
      if (conversations[0] && isEmpty && !signal.aborted)
        chat.switchTo(conversations[0].conversationId);
    } catch (error) {
      hasLooked = false;
      if (isHopeless(error) && !signal.aborted) chat.refuse(error);
    }
  }

  /** Goes on where the session has ended: what was typed since is sent. */
  function resume(): void {
    hasEnded = false;
    chat.refusal.value = undefined;
    void look();
    void chat.connect();
    for (const { uid, failure } of chat.transcript.value.entries)
      if (failure?.code === "token_expired") void chat.retry(uid);
  }

  effect(() => {
    if (view.isOpen.value) void look();
  });
  addEventListener("pagehide", rest, { signal });

  return {
    open,
    resume,
    renew(next: string): boolean {
      if (subject === undefined || subjectOf(next) !== subject) return false;
      identity = next;
      renewed?.resolve(undefined);
      if (hasEnded) resume();
      return true;
    },
    /** Goes on as nobody. */
    leave(): void {
      signIn.identify("");
      handle.open(true);
    },
  };
}
