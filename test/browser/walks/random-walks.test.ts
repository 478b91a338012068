/**
 * Whatever happens to tabs, proxy and line, in whatever order: nothing is lost or doubled, and all agree.
 * `WALKS=1-50` takes these seeds, of `WALK_STEPS`; `WALK_HELD=1` with streams that are held back. `WALK` has
 * the steps of a walk that has failed.
 */
import { setTimeout as wait } from "node:timers/promises";
import { describe, it } from "vitest";
import { findChromium } from "../../support/chromium.ts";
import { checkPlatform, checkScreens, checkUnread } from "./agree.ts";
import { remedy, show, take } from "./person.ts";
import { formatWalk, parseWalk, planWalk, type Step } from "./plan.ts";
import { createWorld, type World } from "./world.ts";

const { WALK, WALKS, WALK_HELD, WALK_STEPS = "14" } = process.env;
/** In milliseconds: longer than any wait of the widget. */
const DEADLINE = 75_000;

type Walk = { seed: number; isHeld: boolean; steps: Step[] };

const plan = (seed: number, isHeld = !!WALK_HELD): Walk => ({
  seed,
  isHeld,
  steps: planWalk(seed, Number(WALK_STEPS)),
});

function chooseWalks(): Walk[] {
  if (WALK) return [{ seed: NaN, isHeld: !!WALK_HELD, steps: parseWalk(WALK) }];
  if (!WALKS) return [plan(44), plan(31, true)];
  const [first = 1, last = first] = WALKS.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => plan(first + index));
}

async function agree(world: World, check: () => Promise<string[]>): Promise<void> {
  const end = Date.now() + DEADLINE;
  for (;;) {
    const problems = await check().catch((error: unknown) => [String(error)]);
    if (problems.length === 0) return;
    if (Date.now() > end) throw new Error(problems.join("\n"));
    await remedy(world);
    await wait(250);
  }
}

async function settle(world: World): Promise<void> {
  await world.giveBack();
  await agree(world, async () => [...(await checkPlatform(world)), ...(await checkUnread(world))]);
  world.note("now all are looked at");
  for (const tab of world.tabs()) await show(world, tab);
  await agree(world, async () => [...(await checkPlatform(world)), ...(await checkScreens(world))]);
}

describe.skipIf(!findChromium())("a random walk", () => {
  it.for(chooseWalks())(
    "ends with tabs, browser and platform that agree: seed $seed, held back: $isHeld",
    { timeout: 300_000 },
    async ({ steps, isHeld }, { expect }) => {
      const world = await createWorld(isHeld);
      try {
        for (const slot of [0, 1]) await world.open(slot);
        for (const step of steps) await take(world, step);
        await settle(world);
        expect(world.errors()).toEqual([]);
      } catch (error) {
        const again = `WALK_HELD=${isHeld ? 1 : ""} WALK="${formatWalk(steps)}"`;
        throw new Error([error, again, ...world.log].join("\n"), { cause: error });
      } finally {
        await world.end();
      }
    },
  );
});
