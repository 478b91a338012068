import { useEffect, useRef, useState } from "preact/hooks";
import { speakable, toSpeech } from "../state/announce.ts";
import type { Entry } from "../state/transcript.ts";

/**
 * Says the agent's new messages to a screen reader, sentence by sentence, as plain text. What was
 * there when the panel was opened is not said.
 */
export function LiveRegion({ entries }: { entries: readonly Entry[] }) {
  const said = useRef({ uid: entries.at(-1)?.uid, length: Infinity });
  const [sentences, setSentences] = useState<string[]>([]);

  useEffect(() => {
    const last = entries.at(-1);
    if (!last) return;
    const isFirst = said.current.uid === undefined && !last.isStreaming && !last.delivery;
    if (last.uid !== said.current.uid) {
      said.current = { uid: last.uid, length: isFirst ? Infinity : 0 };
      setSentences([]);
    }
    const end = speakable(last.content, !last.isStreaming);
    const { length } = said.current;
    if (last.role === "user" || end <= length) return;
    said.current.length = end;
    setSentences((earlier) => [...earlier, toSpeech(last.content.slice(length, end))]);
  }, [entries]);

  return (
    <div class="unseen" aria-live="polite" aria-relevant="additions">
      {sentences.map((sentence, index) => (
        <p key={index}>{sentence}</p>
      ))}
    </div>
  );
}
