/** For visitors whom the site signs in: fetched when it does. */
export { enter } from "./person.ts";
export { Part } from "./SignedOut.tsx";
