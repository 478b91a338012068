/** The text of the stand-in platform's chunks: each says which one it is and when it was written. Pure but for the clock. */

/** `number` counts the chunks of a conversation from 0; `at` is in microseconds of `clock`. */
export type Stamp = { number: number; at: number };

/** Microseconds of the machine's monotonic clock: the same in all its processes. */
export const clock = (): number => Number(process.hrtime.bigint() / 1000n);

export const formatStamp = ({ number, at }: Stamp): string => `${number}@${at};`;

/** Calls back for each stamp in `text`, in order. */
export function readStamps(text: string, onStamp: (stamp: Stamp) => void): void {
  for (const [, number, at] of text.matchAll(/(\d+)@(\d+);/g)) {
    onStamp({ number: Number(number), at: Number(at) });
  }
}
