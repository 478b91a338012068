import { Component, createRef } from "preact";
import uPlot from "uplot";
import { toClock, type Figure } from "../state/figures.ts";

const HEIGHT = 112;
const HOUR = 3600;

type PlotProps = { figure: Figure; onPoint: (at: number | null) => void };

/** Colours that the style sheet gives the element, in light and in dark: a canvas knows no variables. */
const PAINTS = { line: "color", grid: "border-top-color", label: "outline-color" } as const;

/** Decoration for who sees it: the number beside it says the most important. */
export class Plot extends Component<PlotProps> {
  #place = createRef<HTMLDivElement>();
  #plot: uPlot | undefined;
  #end = new AbortController();
  #observer = new ResizeObserver(() => this.#fit());

  override componentDidMount(): void {
    const place = this.#place.current;
    if (!place) return;
    this.#plot = new uPlot(this.#options(place), toData(this.props.figure), place);
    this.#observer.observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener(
      "change",
      () => this.#plot?.redraw(),
      this.#end,
    );
  }

  override componentDidUpdate({ figure }: PlotProps): void {
    if (figure !== this.props.figure) this.#plot?.setData(toData(this.props.figure));
  }

  override componentWillUnmount(): void {
    this.#end.abort();
    this.#observer.disconnect();
    this.#plot?.destroy();
  }

  #fit(): void {
    const width = this.#place.current?.clientWidth ?? 0;
    if (width > 0) this.#plot?.setSize({ width, height: HEIGHT });
  }

  #options(place: HTMLElement): uPlot.Options {
    const { kind, lines } = this.props.figure;
    const paint = (name: keyof typeof PAINTS) => () =>
      getComputedStyle(place).getPropertyValue(PAINTS[name]);
    const axis: uPlot.Axis = {
      stroke: paint("label"),
      grid: { show: false },
      ticks: { show: false },
      font: "11px system-ui",
      gap: 4,
    };
    return {
      width: place.clientWidth || 280,
      height: HEIGHT,
      padding: [6, 10, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { range: (_plot, _low, high) => [high - HOUR + 30, high + 30] },
        y: { range: (_plot, _low, high) => [0, kind === "line" ? (high || 1) * 1.2 : top(high)] },
      },
      axes: [
        {
          ...axis,
          size: 20,
          space: 70,
          incrs: [900, 1800],
          values: (_plot, splits) => splits.map(toClock),
        },
        {
          ...axis,
          size: 32,
          space: 34,
          grid: { stroke: paint("grid"), width: 1 },
          incrs: kind === "line" ? [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50] : WHOLE,
          values: (_plot, splits) =>
            splits.map((value) => (kind === "line" ? `${value}s` : `${value}`)),
        },
      ],
      series: [{}, ...lines.map(({ isFaint }) => seriesOf(kind, isFaint ?? false, paint("line")))],
      hooks: { setCursor: [({ cursor }) => this.props.onPoint(cursor.idx ?? null)] },
    };
  }

  override render() {
    return <div class="plot" ref={this.#place} aria-hidden="true" />;
  }
}

const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000];

/** Room above the highest, and never so little that one is as high as many. */
const top = (high: number | null): number => Math.max(4, Math.ceil((high ?? 0) * 1.2));

const toData = ({ minutes, lines }: Figure): uPlot.AlignedData => [
  [...minutes],
  ...lines.map(({ values }) => [...values]),
];

function seriesOf(kind: Figure["kind"], isFaint: boolean, stroke: () => string): uPlot.Series {
  const { bars, stepped } = uPlot.paths;
  if (kind === "bars")
    return {
      fill: stroke,
      width: 0,
      points: { show: false },
      ...(bars && { paths: bars({ size: [0.6, 10], radius: 0.3 }) }),
    };
  if (kind === "steps")
    return {
      stroke,
      width: 1.5,
      points: { show: false },
      ...(stepped && { paths: stepped({ align: 1 }) }),
    };
  return {
    stroke,
    width: isFaint ? 1 : 1.5,
    spanGaps: true,
    ...(isFaint && { dash: [3, 3] }),
    points: { show: true, size: isFaint ? 3 : 5, fill: stroke, width: 0 },
  };
}
