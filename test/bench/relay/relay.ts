/** What stands between the platform and a page: how much later chunks come, and what that costs. */
import type { Print } from "../extent.ts";
import { renderTable } from "../table.ts";
import type { RelayExtent } from "./load.ts";
import { DIRECT, measure, type Measured } from "./measure.ts";
import { RELAY_HEADER, toRelayRow } from "./relay-table.ts";
import { BASELINE, SYSTEMS } from "./systems.ts";

export async function benchRelay(extent: RelayExtent, print: Print): Promise<void> {
  print(
    `RELAY: ${extent.seconds} s each, after ${extent.warmUpSeconds} s of warm-up. An event is one chunk of the platform that reached one viewer, however joined; delays are those added to the platform's own; × is times ${BASELINE}.`,
  );
  for (const load of extent.loads) {
    const direct = load.perSecond === 0 ? null : await measure(DIRECT, load, extent);
    const results = new Map<string, Measured | null>();
    for (const kind of SYSTEMS) results.set(kind.name, await measure(kind, load, extent));
    const baseline = results.get(BASELINE) ?? null;
    const rows = [...results].map(([name, measured]) =>
      toRelayRow(name, { measured, baseline, direct }),
    );
    print(renderTable(load.title, RELAY_HEADER, rows));
  }
}
