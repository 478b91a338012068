import type { Strings } from "../locales/en.ts";
import { Page } from "./Page.tsx";

type ForgetProps = { strings: Strings; onBack: () => void; onForget: () => void };

/** Asks before the browser forgets the visitor. */
export function Forget({ strings, onBack, onForget }: ForgetProps) {
  return (
    <Page strings={strings} title={strings.deleteData} onBack={onBack}>
      <p>{strings.deleteWarning}</p>
      <button type="button" class="action danger" onClick={onForget}>
        {strings.delete}
      </button>
    </Page>
  );
}
