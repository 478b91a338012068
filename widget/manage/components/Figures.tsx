import type { HistoryResponse } from "../../../proxy/protocol.ts";
import { toFigures } from "../state/figures.ts";
import { FigureCard } from "./FigureCard.tsx";

/** The proxy's last hour. */
export function Figures({ history }: { history: HistoryResponse | null }) {
  return (
    <section class="figures" aria-label="The last hour" aria-busy={history === null}>
      {history === null
        ? Array.from({ length: 4 }, (_, index) => <div key={index} class="card figure" />)
        : toFigures(history).map((figure) => <FigureCard key={figure.title} figure={figure} />)}
    </section>
  );
}
