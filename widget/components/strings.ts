import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { en, type Strings } from "../locales/en.ts";

export const StringsContext = createContext<Strings>(en);

/** The panel's texts in the visitor's language. */
export function useStrings(): Strings {
  return useContext(StringsContext);
}
