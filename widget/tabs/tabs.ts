import type { follow } from "../transport/follow.ts";
import { share, type ShareOptions } from "./share.ts";

export { oneAtATime } from "./one-at-a-time.ts";

/** Follows by one connection for all tabs; alone where the browser refuses locks, as in a sandbox. */
export async function shareAmongTabs(stream: typeof follow, options: ShareOptions): Promise<void> {
  try {
    await share(stream, options);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    await stream(options);
  }
}
