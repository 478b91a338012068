/** Why an address could not be reached: Node's error codes as a sentence and a fix. Pure. */

export type Failure = { says: string; fix: string };

const NETWORK: Readonly<Record<string, (host: string) => Failure>> = {
  ENOTFOUND: (host) => ({
    says: `the name ${host} does not exist`,
    fix: "correct the address, or its DNS entry",
  }),
  EAI_AGAIN: (host) => ({
    says: `the name ${host} can't be looked up now`,
    fix: "check this machine's DNS and its way to the internet",
  }),
  ECONNREFUSED: (host) => ({
    says: `nothing listens at ${host}`,
    fix: "start what should listen there, or correct host and port",
  }),
  ECONNRESET: (host) => ({
    says: `${host} broke the connection off`,
    fix: "check http against https, the port, and firewalls between",
  }),
  TIMEOUT: (host) => ({
    says: `${host} did not answer in time`,
    fix: "check the firewalls between here and there",
  }),
};

/** `error` is what `fetch` or `node:https` threw. */
export function explainFailure(error: unknown, address: string): Failure {
  const code = codeOf(error);
  const { host } = new URL(address);
  const known = NETWORK[code];
  if (known) return known(host);
  if (/CERT|TLS|SSL|SIGNATURE|UNABLE_TO/.test(code))
    return {
      says: `${host} shows a certificate that is not accepted (${code})`,
      fix: "renew it, send the whole chain, or name its authority in NODE_EXTRA_CA_CERTS",
    };
  return { says: `${host} can't be reached (${code})`, fix: "check the address and the network" };
}

/** The code, or else the words, of the innermost cause; `TIMEOUT` for a timeout of any kind. */
export function codeOf(error: unknown): string {
  const { name, message, code, cause, errors } = error as {
    name?: string;
    message?: string;
    code?: unknown;
    cause?: unknown;
    errors?: unknown[];
  };
  if (name === "TimeoutError") return "TIMEOUT";
  if (cause instanceof Error) return codeOf(cause);
  if (errors?.[0] instanceof Error) return codeOf(errors[0]);
  const text = typeof code === "string" ? code : (message ?? "no reason");
  return /TIMEOUT|ETIMEDOUT/.test(text) ? "TIMEOUT" : text;
}
