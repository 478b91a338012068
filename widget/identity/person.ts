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
  /** The panel's. By `identify` it becomes somebody else's; by an empty text nobody's. */
  readonly handle: { identify(identity: string): void; open(takesFocus: boolean): void };
  /** Takes another JWT of the same person; false when it is somebody else's. */
  renew?(identity: string): boolean;
  /** The panel is gone. */
  isOver?: boolean;
};

export type Person = ReturnType<typeof createPerson>;

/** The proxy's word for a JWT that it does not take. */
const INVALID = "identity_invalid";

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
  const { chat, view, handle } = signIn;
  /** One that has opened no session yet. */
  let { identity } = signIn;
  const subject = subjectOf(identity);
  let hasEnded = false;
  let hasLooked = false;

  function take(): string | undefined {
    const jwt = identity;
    identity = undefined;
    return jwt;
  }

  /** All tabs hear of it. By now the site may have signed in somebody else, who gets a panel of their own. */
  async function ask(): Promise<string | undefined> {
    const { onIdentityExpired } = view.config.value;
    const next = hasEnded || signIn.isOver ? "" : await onIdentityExpired?.();
    if (next && !signIn.isOver) handle.identify(next);
    return take();
  }

  /** A session of this person. Rejects with `token_expired` when the site has to sign them in anew. */
  const open: Opener = async (post) => {
    let reason: unknown = "onIdentityExpired gave no JWT of theirs.";
    for (const find of [take, ask]) {
      let jwt: string | undefined;
      try {
        jwt = await find();
        if (jwt) return await post(jwt);
      } catch (error) {
        if ((codeOf(error) ?? INVALID) !== INVALID) {
          // Without a line it has opened none.
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

  /** Shows the last conversation, of whatever browser. */
  async function look(): Promise<void> {
    if (hasLooked || chat.handle) return;
    hasLooked = true;
    try {
      const response = await chat.transport.ask("api/conversations?limit=1");
      const { conversations } = (await response.json()) as ConversationsResponse;
      const isEmpty = !chat.handle && chat.transcript.value.entries.length === 0;
      if (conversations[0] && isEmpty && !signIn.isOver)
        chat.switchTo(conversations[0].conversationId);
    } catch (error) {
      hasLooked = false;
      if (isHopeless(error) && !signIn.isOver) chat.refuse(error);
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

  return {
    open,
    resume,
    renew(next: string): boolean {
      if (subject === undefined || subjectOf(next) !== subject) return false;
      identity = next;
      if (hasEnded) resume();
      return true;
    },
    /** Goes on as nobody. */
    leave(): void {
      handle.identify("");
      handle.open(true);
    },
  };
}
