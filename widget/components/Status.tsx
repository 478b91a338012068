import type { ConversationStatus } from "../../proxy/protocol.ts";
import type { Strings } from "../locales/en.ts";
import type { Failure } from "../state/failure.ts";

type StatusProps = {
  strings: Strings;
  /** Nobody answers. */
  isLost: boolean;
  isUnavailable: boolean;
  failure: Failure | undefined;
  status: ConversationStatus;
  /** Absent where nothing can be asked again. */
  onAskAgain?: () => void;
};

/** One calm line above the composer: the most important thing that is not as usual. */
export function Status(props: StatusProps) {
  const { strings, isLost, isUnavailable, failure, status, onAskAgain } = props;
  const alert = isUnavailable ? strings.unavailable : failure && strings.answerFailed;
  const lost = navigator.onLine ? strings.reconnecting : strings.offline;
  const note = isLost ? lost : status === "escalated" && strings.escalated;
  if (alert) {
    return (
      <p class="status" role="alert">
        {alert}
        {onAskAgain && !isUnavailable && failure?.retryable && (
          <button type="button" class="link" onClick={onAskAgain}>
            {strings.tryAgain}
          </button>
        )}
      </p>
    );
  }
  return <output class={isLost ? "status slow" : "status"}>{note}</output>;
}
