/** Numbers as the tables show them; what could not be measured is "n/a". */
type Measured = number | null;

const notMeasured = "n/a";

/** Three digits that count: 0.42, 3.14, 27.2, 1,204. */
export function formatNumber(value: Measured): string {
  if (value === null || !Number.isFinite(value)) return notMeasured;
  const size = Math.abs(value);
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** How many times the baseline. */
export function formatRatio(value: Measured, baseline: Measured): string {
  if (value === null || baseline === null || baseline === 0) return notMeasured;
  return `${(value / baseline).toFixed(2)}×`;
}

/** Decimal megabytes. */
export function formatMegabytes(bytes: Measured): string {
  return formatNumber(bytes === null ? null : bytes / 1e6);
}

/** Decimal kilobytes. */
export function formatKilobytes(bytes: Measured): string {
  return formatNumber(bytes === null ? null : bytes / 1e3);
}
