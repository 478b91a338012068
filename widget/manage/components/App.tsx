import { Component } from "preact";
import type { Session } from "../state/session.ts";
import type { createModels, Dashboard } from "./Dashboard.tsx";
import { Live } from "./Live.tsx";
import { SignIn } from "./SignIn.tsx";

type DashboardFile = { createModels: typeof createModels; Dashboard: typeof Dashboard };
type AppProps = { session: Session; load: () => Promise<DashboardFile> };
type Loaded = { file: DashboardFile; models: ReturnType<typeof createModels> };

/** A form, and behind it the dashboard, which is loaded when somebody has signed in. */
export class App extends Component<AppProps, { loaded?: Loaded | undefined }> {
  /** A token that is refused later asks for another one; what was said before is still there then. */
  #signIn = async (token: string): Promise<void> => {
    const { session, load } = this.props;
    await session.signIn(token);
    if (!session.overview.value || this.state.loaded) return;
    try {
      const file = await load();
      this.setState({ loaded: { file, models: file.createModels(session) } });
    } catch {
      session.signOut();
      session.problem.value = "The page can't be loaded. Reload it and sign in again.";
    }
  };

  #signOut = (): void => {
    this.setState({ loaded: undefined });
    this.props.session.signOut();
  };

  override render() {
    const { session } = this.props;
    const { loaded } = this.state;
    const read = () => ({
      overview: session.overview.value,
      problem: session.problem.value,
      isBusy: session.isBusy.value,
    });
    return (
      <Live read={read}>
        {({ overview, problem, isBusy }) =>
          overview && loaded ? (
            <loaded.file.Dashboard
              overview={overview}
              models={loaded.models}
              onSignOut={this.#signOut}
            />
          ) : (
            <SignIn
              problem={problem}
              isBusy={isBusy || overview !== null}
              onSignIn={this.#signIn}
            />
          )
        }
      </Live>
    );
  }
}
