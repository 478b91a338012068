import { Component } from "preact";
import { describeAt, type Figure } from "../state/figures.ts";
import { Plot } from "./Plot.tsx";

/** A number and its plot; under the pointer, what the plot says there. */
export class FigureCard extends Component<{ figure: Figure }, { at: number | null }> {
  override state = { at: null };

  #onPoint = (at: number | null): void => this.setState({ at });

  override render() {
    const { figure } = this.props;
    const { at } = this.state;
    const { title, value, note, isBad } = figure;
    return (
      <figure class={isBad ? "card figure bad" : "card figure"}>
        <figcaption>
          <span class="title">{title}</span>
          <span class="value">{value}</span>
          <span class="quiet">{(at !== null && describeAt(figure, at)) || note}</span>
        </figcaption>
        <Plot figure={figure} onPoint={this.#onPoint} />
      </figure>
    );
  }
}
