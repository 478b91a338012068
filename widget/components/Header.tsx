import { Avatar } from "./Avatar.tsx";
import { Icon } from "./Icon.tsx";
import { useStrings } from "./strings.ts";

type HeaderProps = {
  agentName: string;
  /** Absent when there is nothing to start anew, or the proxy has one conversation for all. */
  onNew?: (() => void) | undefined;
  onClose: () => void;
};

export function Header({ agentName, onNew, onClose }: HeaderProps) {
  const strings = useStrings();
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
      <button
        type="button"
        class="tool"
        aria-label={strings.close}
        title={strings.close}
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}
