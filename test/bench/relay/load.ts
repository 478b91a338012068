/** What every system is put under. */
export type Load = {
  title: string;
  conversations: number;
  /** Of each conversation. */
  viewers: number;
  /** Chunks a second of each conversation; 0: nobody writes. */
  perSecond: number;
};

/** `seconds` are measured, after `warmUpSeconds` that are not. */
export type RelayExtent = {
  loads: readonly Load[];
  /** For what opening left behind to be collected, and for idle streams at the platform to be closed. */
  restSeconds: number;
  warmUpSeconds: number;
  seconds: number;
};

const streaming = (conversations: number, viewers: number, perSecond: number): Load => ({
  title: `${conversations} conversations × ${viewers} viewer${viewers > 1 ? "s" : ""}, ${perSecond} events/s each`,
  conversations,
  viewers,
  perSecond,
});

const idle = (viewers: number): Load => ({
  title: `${viewers.toLocaleString("en")} idle viewers`,
  conversations: viewers,
  viewers: 1,
  perSecond: 0,
});

export const FULL: RelayExtent = {
  loads: [
    streaming(100, 1, 20),
    streaming(100, 1, 50),
    streaming(100, 1, 100),
    streaming(50, 4, 50),
    idle(2000),
  ],
  restSeconds: 4,
  warmUpSeconds: 8,
  seconds: 12,
};

export const QUICK: RelayExtent = {
  loads: [streaming(20, 4, 50), idle(200)],
  restSeconds: 0.3,
  warmUpSeconds: 0.5,
  seconds: 1,
};
