/** What a platform's failure means to the owner at the terminal. Pure. */
import { PlatformError } from "../platforms/platform.ts";
import { CommandError } from "./errors.ts";

/** Whom a command has asked, and with what. */
export type Asked = {
  /** `Lex` or `Lexey`. */
  name: string;
  url: string;
  /** The settings that hold address and key. */
  urlSetting: string;
  keySetting: string;
};

type Explanation = readonly [says: string, fix: string];

/** Errors that are none of a platform's pass as they are. */
export function explain(error: unknown, asked: Asked): unknown {
  if (!(error instanceof PlatformError)) return error;
  return new CommandError(...(byStatus(error, asked) ?? byFailure(error, asked)));
}

/** `run`, with the platform's failures explained. */
export async function explained<Result>(asked: Asked, run: () => Promise<Result>): Promise<Result> {
  return run().catch((error: unknown) => {
    throw explain(error, asked);
  });
}

function byStatus(error: PlatformError, asked: Asked): Explanation | undefined {
  const { failure, status = 0 } = error;
  if (failure === "full") return undefined;
  const { name, url, urlSetting, keySetting } = asked;
  if (status >= 300 && status < 400)
    return [
      `${url} redirects (${status}), and the key is sent nowhere else`,
      `set ${urlSetting} to the address it leads to`,
    ];
  const table: Readonly<Record<number, Explanation>> = {
    400: [`${name} refused it (400)`, "a shorter text may pass"],
    401: [
      `${name} does not know the key in ${keySetting} (401)`,
      "copy the key again; it may have been replaced",
    ],
    402: [
      `${name} answers nobody: no subscription, or no credits left (402)`,
      "see its billing page",
    ],
    403: [
      `the key in ${keySetting} may not be used for this (403)`,
      "it is of another kind, or limited: see the platform's page of keys",
    ],
    404: [`${name} at ${url} does not have that (404)`, `check the id, and ${urlSetting}`],
    409: [`${name} is still at work on what was asked before (409)`, "try again in a moment"],
    413: [`the text is too long for ${name} (413)`, "shorten it"],
    429: [
      `${name} takes no more messages here for now (429)`,
      "wait a moment, or begin a new conversation",
    ],
  };
  return table[status];
}

function byFailure(error: PlatformError, asked: Asked): Explanation {
  const { name, url, urlSetting } = asked;
  const { failure, status } = error;
  // "GET /api/…: failed (ECONNREFUSED)"
  const reason = error.message.split(": ").at(-1) ?? error.message;
  if (failure === "full")
    return [
      `the conversation takes no more messages (${status})`,
      "begin a new one, without --conversation",
    ];
  if (failure === "not-found") return [`${name} does not have that: ${reason}`, "check the id"];
  if (failure === "timeout") return [`${url} did not answer in time`, "try again in a moment"];
  if (failure === "unknown")
    return [
      `the connection broke: it isn't known whether ${name} has got it`,
      "look before you do it again",
    ];
  if (failure === "invalid" || failure === "not-a-stream")
    return [`${url} does not answer as ${name} does: ${reason}`, `check ${urlSetting}`];
  if (status === undefined)
    return [`${url} can't be reached: ${reason}`, `check ${urlSetting} and the network`];
  return [`${name} has a problem of its own (${status})`, "try again in a moment"];
}
