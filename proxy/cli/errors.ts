/** The ways in which a command ends early by its own word. */

/** It was typed wrongly. `fix` says what to type. */
export class UsageError extends Error {
  override name = "UsageError";
  readonly fix: string | undefined;

  constructor(message: string, fix?: string) {
    super(message);
    this.fix = fix;
  }
}

/** It did not work. `fix` says what to change. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly fix: string | undefined;

  constructor(message: string, fix?: string) {
    super(message);
    this.fix = fix;
  }
}

/** Ctrl-C at a question. */
export class Interruption extends Error {
  override name = "Interruption";
}
