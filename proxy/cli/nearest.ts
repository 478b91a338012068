/** The name that was probably meant by a mistyped one; null when none is near. Pure. */
export function findNearest(typed: string, names: readonly string[]): string | null {
  const [nearest] = names
    .map((name) => ({ name, distance: measure(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  if (nearest) return nearest.name;
  const begun = names.filter((name) => typed.length > 1 && name.startsWith(typed));
  return begun.length === 1 ? (begun[0] ?? null) : null;
}

/** Letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
function measure(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const at = (up: number, left: number): number => rows[i - up]?.[j - left] ?? Infinity;
      row[j] = Math.min(
        at(1, 0) + 1,
        (row[j - 1] ?? 0) + 1,
        at(1, 1) + (isSame ? 0 : 1),
        isSwapped ? at(2, 2) + 1 : Infinity,
      );
    }
    rows.push(row);
  }
  return rows.at(-1)?.at(-1) ?? 0;
}
