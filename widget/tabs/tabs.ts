import { share, type ShareOptions } from "./share.ts";

export { oneAtATime } from "./one-at-a-time.ts";

/** Follows by one connection for all tabs; alone where the browser refuses locks, as in a sandbox. */
export async function shareAmongTabs(options: ShareOptions): Promise<void> {
  try {
    await share(options);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    await options.stream(options.listener, options.signal);
  }
}
