import { useEffect, useRef, useState } from "react";
import { mount, type ChatEvents, type ChatHandle, type MountOptions } from "lex-chat";

type LexChatProps = Omit<MountOptions, "target"> & {
  onMessage?: (message: ChatEvents["message"]) => void;
};

export function LexChat({ onMessage, ...options }: LexChatProps) {
  const { proxy, locale, inline } = options;
  const place = useRef<HTMLDivElement>(null);
  const [chat, setChat] = useState<Promise<ChatHandle>>();

  // Another of these makes another chat; the one before goes, even if it has not come yet.
  useEffect(() => {
    const mounted = mount({ target: place.current ?? document.body, ...options });
    setChat(mounted);
    return () => void mounted.then(({ destroy }) => destroy());
  }, [proxy, locale, inline]);

  // All others can change while it is there.
  const rest = JSON.stringify(options);
  useEffect(() => void chat?.then(({ update }) => update(options)), [chat, rest]);

  useEffect(() => {
    const heard = chat?.then(({ on }) => on("message", (message) => onMessage?.(message)));
    return () => void heard?.then((stop) => stop());
  }, [chat, onMessage]);

  return inline ? <div ref={place} /> : null;
}
