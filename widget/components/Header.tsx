import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Avatar } from "./Avatar.tsx";
import { CLOSE, COMPOSE, Icon } from "./Icon.tsx";
import type { Strings } from "../locales/en.ts";

type HeaderProps = {
  strings: Strings;
  agentName: string;
  /** Absent when there is nothing to start anew, or the proxy has one conversation for all. */
  onNew?: (() => void) | undefined;
  /** Absent in a chat that is part of the page. */
  onClose?: (() => void) | undefined;
  /** Between the two: the menu, when there is something in it. */
  children?: ComponentChildren;
};

export function Header({ strings, agentName, onNew, onClose, children }: HeaderProps) {
  return (
    <div class="header" part="header">
      <Avatar name={agentName} />
      <h2 class="agent">{agentName}</h2>
      {onNew && <Tool name={strings.newConversation} path={COMPOSE} onClick={onNew} />}
      {children}
      {onClose && <Tool name={strings.close} path={CLOSE} onClick={onClose} />}
    </div>
  );
}

type ToolProps = Pick<
  ButtonHTMLAttributes,
  "onClick" | "aria-haspopup" | "aria-expanded" | "aria-pressed"
> & {
  name: string;
  path: string;
};

/** A button of a header. */
export function Tool({ name, path, ...rest }: ToolProps) {
  return (
    <button type="button" class="tool" aria-label={name} title={name} {...rest}>
      <Icon path={path} />
    </button>
  );
}
