import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a command of a document prints, with some of its words replaced and variables set. */
export async function shell(
  command: string,
  replacements: Record<string, string>,
  variables: Record<string, string> = {},
): Promise<string> {
  const filled = Object.entries(replacements).reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    command,
  );
  const env = { ...process.env, ...variables };
  const { stdout } = await run("sh", ["-c", filled], { env }).catch(
    (error: Error & { code?: unknown }) => {
      if (error.code === 127) throw new Error("curl is not installed: apt-get install curl");
      // What a stream had said when `timeout` ended it is in the error.
      if (error.code === 124) return error as unknown as { stdout: string };
      throw error;
    },
  );
  return stdout;
}
