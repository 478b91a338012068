import { signal } from "@preact/signals-core";
import type { OverviewResponse } from "../../../proxy/protocol.ts";
import { ChatError } from "../../transport/errors.ts";
import type { Owner } from "../transport/owner.ts";

export type Session = ReturnType<typeof createSession>;

const EXPLANATIONS: Partial<Record<ChatError["code"], string>> = {
  admin_token_invalid: "This is not the proxy's ADMIN_TOKEN.",
  too_many_requests: "Too many wrong tokens. Wait a minute, then try again.",
  network: "The proxy can't be reached. Is it running?",
};

/** Who is signed in: the token is in the memory of this tab, and gone with it. */
export function createSession(owner: Owner) {
  const overview = signal<OverviewResponse | null>(null);
  const problem = signal("");
  const isBusy = signal(false);

  function signOut(): void {
    owner.use("");
    overview.value = null;
  }

  /** Signs out when the proxy does not take the token any more; other errors are the caller's. */
  async function guarded<Answer>(call: Promise<Answer>): Promise<Answer> {
    return call.catch((error: unknown) => {
      if (error instanceof ChatError && error.code === "admin_token_invalid") {
        signOut();
        problem.value = "The proxy no longer takes this token. Sign in again.";
      }
      throw error;
    });
  }

  return {
    /** Null until somebody has signed in. */
    overview,
    /** Why nobody is signed in, for people. */
    problem,
    isBusy,
    signOut,

    async signIn(token: string): Promise<void> {
      problem.value = "";
      isBusy.value = true;
      owner.use(token.trim());
      try {
        overview.value = await owner.overview();
      } catch (error) {
        owner.use("");
        const known = error instanceof ChatError ? error : undefined;
        problem.value = (known && EXPLANATIONS[known.code]) ?? known?.message ?? String(error);
      }
      isBusy.value = false;
    },

    /** The owner's calls, which end the session when the token is refused. */
    owner: {
      branding: () => guarded(owner.branding()),
      history: () => guarded(owner.history()),
      open: () => guarded(owner.open()),
      tell: (...call: Parameters<Owner["tell"]>) => guarded(owner.tell(...call)),
    },
  };
}
