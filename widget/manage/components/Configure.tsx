import type { OverviewResponse } from "../../../proxy/protocol.ts";
import type { Manager } from "../state/manager.ts";
import { ManagerChat } from "./ManagerChat.tsx";

type ConfigureProps = { overview: OverviewResponse; manager: Manager };

/** The talk with the configuration agent, or what it takes to have one. */
export function Configure({ overview, manager }: ConfigureProps) {
  const { hasManagement, isBrandingManaged } = overview;
  return (
    <section class="card tall" aria-labelledby="configure">
      <div class="card-head">
        <h2 id="configure">Configure</h2>
        {hasManagement && (
          <button type="button" class="plain" onClick={manager.startNew}>
            Start over
          </button>
        )}
      </div>
      {!hasManagement && (
        <div class="missing">
          <p>Lexey’s configuration agent can be talked to here.</p>
          <p class="quiet">
            Set LEXEY_MANAGEMENT_KEY on the proxy, a key of Lexey that starts with lxm_, and
            BRANDING=managed to have what it sets in the chat. Lex has no configuration agent: there
            the branding is in the proxy’s settings.
          </p>
        </div>
      )}
      {hasManagement && !isBrandingManaged && (
        <p class="hint">
          The chat keeps the branding of the proxy’s settings: set BRANDING=managed to have what the
          agent sets.
        </p>
      )}
      {hasManagement && <ManagerChat manager={manager} />}
    </section>
  );
}
