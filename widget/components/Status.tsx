import type { ConversationStatus } from "../../proxy/protocol.ts";
import type { Failure } from "../state/transcript.ts";
import { useStrings } from "./strings.ts";

type StatusProps = {
  connection: "none" | "live" | "lost";
  isUnavailable: boolean;
  failure: Failure | null;
  status: ConversationStatus;
};

/** One calm line above the composer: the most important thing that is not as usual. */
export function Status({ connection, isUnavailable, failure, status }: StatusProps) {
  const strings = useStrings();
  if (isUnavailable)
    return (
      <p class="status" role="alert">
        {strings.unavailable}
      </p>
    );
  if (failure)
    return (
      <p class="status" role="alert">
        {strings.answerFailed}
      </p>
    );
  if (connection === "lost")
    return (
      <p class="status slow" role="status">
        {strings.reconnecting}
      </p>
    );
  if (status === "escalated")
    return (
      <p class="status" role="status">
        {strings.escalated}
      </p>
    );
  return null;
}
