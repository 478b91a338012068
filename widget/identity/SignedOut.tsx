import type { PartProps } from "../components/lazy.tsx";
import { personOf } from "./person.ts";

/** In the status' place when the site has to sign the visitor in anew. */
export function Part({ chat, view, strings }: PartProps) {
  const person = personOf(chat);
  const { onIdentityExpired, newConversation } = view.config.value;
  return (
    <p class="status" role="alert">
      {strings.signedOut}
      {onIdentityExpired && (
        <button type="button" class="link" onClick={person?.resume}>
          {strings.tryAgain}
        </button>
      )}
      {/* In a conversation of all, nobody is no guest. */}
      {newConversation && (
        <button type="button" class="link" onClick={person?.leave}>
          {strings.asGuest}
        </button>
      )}
    </p>
  );
}
