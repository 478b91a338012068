import type { RefObject, TargetedKeyboardEvent } from "preact";
import { SEND, STOP, Icon } from "./Icon.tsx";
import type { Strings } from "../locales/en.ts";
import { formatCount } from "../locales/format.ts";

/** Characters that about fit into one line. */
const LINE = 40;

type ComposerProps = {
  strings: Strings;
  value: string;
  /** In UTF-16 units. */
  limit: number;
  isAnswering: boolean;
  input: RefObject<HTMLTextAreaElement | null>;
  onInput: (text: string) => void;
  onSend: (text: string) => void;
  onStop: () => void;
};

/** Enter sends, Shift+Enter breaks the line; while an answer is written, the button stops it. */
export function Composer(props: ComposerProps) {
  const { strings, value, limit, isAnswering, input, onInput, onSend, onStop } = props;
  const left = limit - value.length;
  const canSend = value.trim() !== "" && left >= 0 && !isAnswering;

  function send() {
    if (canSend) onSend(value.trim());
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLTextAreaElement>) {
    // 229: Safari ends a composition before it reports the Enter that ended it.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      class="composer"
      part="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={input}
        // About as many as it takes, for browsers that don't know `field-sizing`; the others pay no heed.
        rows={value.split("\n").length + value.length / LINE}
        value={value}
        placeholder={strings.placeholder}
        aria-label={strings.message}
        aria-invalid={left < 0}
        enterkeyhint="send"
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {left < limit / 10 && (
        <output class={left < 0 ? "counter over" : "counter"}>
          {formatCount(
            left < 0 ? strings.tooManyCharacters : strings.charactersLeft,
            Math.abs(left),
            strings.language,
          )}
        </output>
      )}
      {isAnswering ? (
        <button type="button" class="send" aria-label={strings.stop} onClick={onStop}>
          <Icon path={STOP} />
        </button>
      ) : (
        <button type="submit" class="send" aria-label={strings.send} aria-disabled={!canSend}>
          <Icon path={SEND} />
        </button>
      )}
    </form>
  );
}
