/** What a person, the browser and the network do, one after the other: drawn from a seed. */

/** What can happen; `tab` is one of the slots, a `pause` in milliseconds follows. */
export type Step = { name: StepName; tab: number; pause: number };

export type StepName =
  | "ask"
  | "command"
  | "type"
  | "show"
  | "hide"
  | "stop"
  | "fresh"
  | "back"
  | "forget"
  | "open"
  | "close"
  | "reload"
  | "freeze"
  | "thaw"
  | "offline"
  | "online"
  | "kill"
  | "start";

/** In milliseconds. */
const LONGEST_PAUSE = 1_200;

/** Most walks begin where there is something to lose. */
const BEGINNING = "show 1 0, show 0 0, ask 0 500";

/** How often each comes, where it can. */
const WEIGHTS: Record<StepName, number> = {
  ask: 12,
  command: 4,
  type: 2,
  show: 2,
  hide: 2,
  stop: 3,
  fresh: 2,
  back: 2,
  forget: 0.5,
  open: 3,
  close: 2,
  reload: 3,
  freeze: 2,
  thaw: 3,
  offline: 4,
  online: 10,
  kill: 4,
  start: 10,
};

/** Steps that make sense after each other: only tabs that are awake do something, only pages with a line load. */
export function planWalk(seed: number, length: number): Step[] {
  const random = createRandom(seed);
  /** Two are open at the beginning, and three at most. */
  const tabs: Array<"closed" | "awake" | "asleep"> = ["awake", "awake", "closed"];
  let isOnline = true;
  let isUp = true;

  const fits = (name: StepName, tab: number): boolean => {
    const awake = tabs.filter((state) => state === "awake").length;
    const hasLine = isOnline && isUp;
    if (name === "open") return hasLine && tabs[tab] === "closed";
    if (name === "thaw") return tabs[tab] === "asleep";
    if (name === "offline") return tab === 0 && isOnline;
    if (name === "online") return tab === 0 && !isOnline;
    if (name === "kill") return tab === 0 && isUp;
    if (name === "start") return tab === 0 && !isUp;
    if (name === "reload" || name === "back") return hasLine && tabs[tab] === "awake";
    if (name === "close") return awake > 1 && tabs[tab] !== "closed";
    return tabs[tab] === "awake" && (name !== "freeze" || awake > 1);
  };

  const next = (): Step => {
    const fitting = (Object.keys(WEIGHTS) as StepName[]).flatMap((name) =>
      tabs.map((_, tab) => ({ name, tab })).filter(({ tab }) => fits(name, tab)),
    );
    let at = random() * fitting.reduce((sum, { name }) => sum + WEIGHTS[name], 0);
    const step = fitting.find(({ name }) => (at -= WEIGHTS[name]) < 0) ?? fitting[0];
    if (!step) throw new Error("Nothing can be done.");
    const { name, tab } = step;
    if (name === "open" || name === "thaw") tabs[tab] = "awake";
    if (name === "close") tabs[tab] = "closed";
    if (name === "freeze") tabs[tab] = "asleep";
    if (name === "offline" || name === "online") isOnline = name === "online";
    if (name === "kill" || name === "start") isUp = name === "start";
    return { name, tab, pause: Math.floor(random() ** 2 * LONGEST_PAUSE) };
  };
  const steps = random() < 0.7 ? parseWalk(BEGINNING) : [];
  while (steps.length < length) steps.push(next());
  return steps;
}

/** As `parseWalk` reads it. */
export const formatWalk = (steps: readonly Step[]): string =>
  steps.map(({ name, tab, pause }) => `${name} ${tab} ${pause}`).join(", ");

export const parseWalk = (text: string): Step[] =>
  text.split(",").map((part) => {
    const [name, tab, pause] = part.trim().split(" ");
    return { name: name as StepName, tab: Number(tab), pause: Number(pause) };
  });

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
