import { Component, createRef, type TargetedSubmitEvent } from "preact";
import { Logo } from "./Logo.tsx";

type SignInProps = { problem: string; isBusy: boolean; onSignIn: (token: string) => void };

/** Asks for `ADMIN_TOKEN`. */
export class SignIn extends Component<SignInProps> {
  #input = createRef<HTMLInputElement>();

  override componentDidMount(): void {
    this.#input.current?.focus();
  }

  override componentDidUpdate({ isBusy }: SignInProps): void {
    if (isBusy && !this.props.isBusy) this.#input.current?.select();
  }

  #onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = this.#input.current?.value ?? "";
    if (token.trim() && !this.props.isBusy) this.props.onSignIn(token);
  };

  override render() {
    const { problem, isBusy } = this.props;
    return (
      <main class="sign-in">
        <form class="card" onSubmit={this.#onSubmit}>
          <Logo />
          <h1>Sign in</h1>
          <p class="quiet" id="token-hint">
            With the ADMIN_TOKEN of this proxy. It stays in this tab, and is gone when you close or
            reload it.
          </p>
          <label htmlFor="token">Admin token</label>
          <input
            id="token"
            ref={this.#input}
            type="password"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
            aria-describedby={problem ? "token-hint token-problem" : "token-hint"}
            aria-invalid={problem !== ""}
          />
          {problem && (
            <p class="problem" id="token-problem" role="alert">
              {problem}
            </p>
          )}
          <button type="submit" class="primary" aria-disabled={isBusy}>
            {isBusy ? "Signing in…" : "Sign in"}
          </button>
        </form>
      </main>
    );
  }
}
