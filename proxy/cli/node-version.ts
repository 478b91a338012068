/** Imported first, and imports nothing: with an older Node other files fail while they load, and say nothing. */

/** As in package.json. */
export const REQUIRED_NODE = "22.18";

/** What to tell of this version, such as `20.19.0`; null when it will do. */
export function problemWithNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [requiredMajor = 0, requiredMinor = 0] = REQUIRED_NODE.split(".").map(Number);
  if (major > requiredMajor || (major === requiredMajor && minor >= requiredMinor)) return null;
  return `lex-chat needs Node ${REQUIRED_NODE} or later; this is ${version}`;
}

const problem = problemWithNode(process.versions.node);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
