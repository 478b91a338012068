/**
 * Properties of the panel's own objects, which the build shortens. The launcher, the proxy, the
 * locales, the browser's storage and the browser itself know none of them: a test keeps it so.
 */
export const internalNames: readonly string[] = [
  // What components are given, and keep.
  "draft entry hasNews hasTime heading isAnswering isLoadingOlder isUnavailable isWaiting limit onAsk onAskAgain",
  "discard onDiscard onNew onOlder onRetry onSend onStop onTop sentences subheading takesFocus transcript",
  "hasCopied hasFailed hasMenu items needsConsent onBack onChoose onClose onLeave onWrite place summaries",
  // What models and transport say to each other.
  "delivery early failure isStreaming listener loadOlder markRead onConnection onEvent onSent",
  "refusal refuse renew",
  "connect dispose isHeldBack isLost lastEventId restore retry stall switchTo tool transport uid wasStopped",
  // What the parts of the Markdown parser say to each other.
  "closes opens",
].flatMap((line) => line.split(" "));

const LETTERS = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/** The name that takes the place of each: the same in every chunk, where the minifier would choose anew. */
export const shortNames: Readonly<Record<string, string>> = Object.fromEntries(
  internalNames.map((name, index) => {
    const round = Math.floor(index / LETTERS.length);
    return [name, `${LETTERS[index % LETTERS.length]}${round || ""}`];
  }),
);
