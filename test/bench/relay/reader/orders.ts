/** What is said between the bench and its reader. */

/** Viewers to open; with `cutSeconds` each is cut at random times, so long apart on average. */
export type OpenOrder = {
  order: "open";
  urls: string[];
  headers: Record<string, string>;
  cutSeconds?: number;
};

/** `mark` forgets the delays so far and answers with a report, as `report` does. */
export type Order = OpenOrder | { order: "mark" } | { order: "report" } | { order: "close" };

/** Counts since the viewers were opened; delays, in milliseconds, since the last mark. */
export type Report = {
  /** Chunks whose text, and all text before it, has arrived. */
  delivered: number;
  /** Streams that are open. */
  open: number;
  /** Snapshots received. */
  snapshots: number;
  /** Times that a viewer connected again. */
  reconnects: number;
  delayP50: number | null;
  delayP99: number | null;
  /** Why the last stream ended that was not closed by us. */
  lastEnd: string | null;
};
