import { Avatar } from "./Avatar.tsx";
import { Icon } from "./Icon.tsx";
import type { Strings } from "../locales/en.ts";

type HeaderProps = {
  strings: Strings;
  agentName: string;
  /** Absent when there is nothing to start anew, or the proxy has one conversation for all. */
  onNew?: (() => void) | undefined;
  /** Absent in a chat that is part of the page. */
  onClose?: (() => void) | undefined;
};

export function Header({ strings, agentName, onNew, onClose }: HeaderProps) {
  return (
    <header class="header">
      <Avatar name={agentName} />
      <h2 class="agent">{agentName}</h2>
      {onNew && (
        <button
          type="button"
          class="tool"
          aria-label={strings.newConversation}
          title={strings.newConversation}
          onClick={onNew}
        >
          <Icon name="compose" />
        </button>
      )}
      {onClose && (
        <button
          type="button"
          class="tool"
          aria-label={strings.close}
          title={strings.close}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}
