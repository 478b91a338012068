/** How many events `id` is after `last`, by ids `<epoch>-<n>`; NaN when they are of different logs. */
export function distance(id: string, last = ""): number {
  const [epoch, n] = id.split("-");
  const [lastEpoch, lastN] = last.split("-");
  return epoch === lastEpoch ? Number(n) - Number(lastN) : NaN;
}
