import { signal } from "@preact/signals-core";
import { Component, createRef } from "preact";
import type { Branding, HistoryResponse, OverviewResponse } from "../../../proxy/protocol.ts";
import { createManager } from "../state/manager.ts";
import { poll } from "../state/poll.ts";
import type { Session } from "../state/session.ts";
import { Configure } from "./Configure.tsx";
import { Figures } from "./Figures.tsx";
import { Live } from "./Live.tsx";
import { Logo } from "./Logo.tsx";
import { Preview } from "./Preview.tsx";
import { ScriptTag } from "./ScriptTag.tsx";

const HISTORY_MS = 5000;

type Models = ReturnType<typeof createModels>;
type DashboardProps = { overview: OverviewResponse; models: Models; onSignOut: () => void };

/** What the dashboard draws. It outlives a token that is refused. */
export function createModels({ owner }: Session) {
  const branding = signal<Partial<Branding> | null>(null);
  const history = signal<HistoryResponse | null>(null);
  const refreshBranding = async (): Promise<void> => {
    ({ branding: branding.value } = await owner.branding());
  };
  return {
    branding,
    history,
    refreshBranding,
    refreshHistory: async (): Promise<void> => void (history.value = await owner.history()),
    manager: createManager(owner, {
      // Without an answer the preview stays as it is: the next message, or a reload, tries again.
      onAnswered: () => void refreshBranding().catch(() => undefined),
    }),
  };
}

export class Dashboard extends Component<DashboardProps> {
  #heading = createRef<HTMLHeadingElement>();
  #stopPolling: (() => void) | undefined;

  override componentDidMount(): void {
    const { models } = this.props;
    this.#heading.current?.focus();
    this.#stopPolling = poll(models.refreshHistory, HISTORY_MS);
    void models.refreshBranding().catch(() => undefined);
  }

  override componentWillUnmount(): void {
    this.#stopPolling?.();
  }

  override render() {
    const { overview, models, onSignOut } = this.props;
    return (
      <div class="dashboard">
        <header class="bar">
          <Logo />
          <span class="badge">{overview.platform === "lexey" ? "Lexey" : "Lex"}</span>
          <button type="button" class="plain" onClick={onSignOut}>
            Sign out
          </button>
        </header>
        <main>
          <h1 class="unseen" ref={this.#heading} tabIndex={-1}>
            Your chat
          </h1>
          <Live read={() => models.history.value}>
            {(history) => <Figures history={history} />}
          </Live>
          <div class="columns">
            <Configure overview={overview} manager={models.manager} />
            <Live read={() => models.branding.value}>
              {(branding) => <Preview branding={branding} canChat={overview.canPreviewChat} />}
            </Live>
          </div>
          <ScriptTag html={overview.scriptTag} origins={overview.allowedOrigins} />
        </main>
      </div>
    );
  }
}
