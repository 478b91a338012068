import { useLayoutEffect, useState } from "preact/hooks";
import type { Model } from "../state/model.ts";

/** The state of a model; the component is drawn again when it changes. */
export function useModel<State>(model: Pick<Model<State>, "state" | "watch">): State {
  const [, setDrawn] = useState(model.state);
  useLayoutEffect(() => model.watch(() => setDrawn(model.state)), [model]);
  return model.state;
}
