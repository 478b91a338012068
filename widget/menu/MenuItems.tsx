import { Component, createRef, type TargetedFocusEvent, type TargetedKeyboardEvent } from "preact";

type Item = readonly [name: string, choose: () => void];

type MenuItemsProps = {
  name: string;
  items: ReadonlyArray<Item | false>;
  /** Why what was chosen has not happened. */
  problem: string | false;
  /** The focus has left the menu. */
  onLeave: () => void;
};

/** A menu as https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/ has it; the first item gets the focus. */
export class MenuItems extends Component<MenuItemsProps> {
  #menu = createRef<HTMLDivElement>();

  override componentDidMount(): void {
    this.#items()[0]?.focus();
  }

  #items(): HTMLButtonElement[] {
    return [...(this.#menu.current?.querySelectorAll("button") ?? [])];
  }

  #onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const items = this.#items();
    const at = items.indexOf(event.target as HTMLButtonElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items.at(next % items.length)?.focus();
  };

  #onFocusOut = ({ currentTarget, relatedTarget }: TargetedFocusEvent<HTMLElement>): void => {
    if (!currentTarget.contains(relatedTarget as Node | null)) this.props.onLeave();
  };

  override render() {
    const { name, items, problem } = this.props;
    return (
      <div class="menu" onFocusOut={this.#onFocusOut}>
        {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its items have the focus */}
        <div role="menu" aria-label={name} ref={this.#menu} onKeyDown={this.#onKeyDown}>
          {items.map(
            (item) =>
              item && (
                <button type="button" role="menuitem" tabIndex={-1} onClick={item[1]}>
                  {item[0]}
                </button>
              ),
          )}
        </div>
        {problem && (
          <p class="failure" role="alert">
            {problem}
          </p>
        )}
      </div>
    );
  }
}
