import { effect } from "@preact/signals-core";
import { Component, type ComponentChildren } from "preact";

type LiveProps<Value> = { read: () => Value; children: (value: Value) => ComponentChildren };

/** Draws what `read` gives, and again whenever a signal that it reads has changed. */
export class Live<Value> extends Component<LiveProps<Value>, { value: Value }> {
  override state = { value: this.props.read() };
  #stop: (() => void) | undefined;

  override componentDidMount(): void {
    this.#stop = effect(() => this.setState({ value: this.props.read() }));
  }

  override componentWillUnmount(): void {
    this.#stop?.();
  }

  override render() {
    return this.props.children(this.state.value);
  }
}
