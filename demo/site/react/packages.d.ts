/* oxlint-disable typescript/consistent-type-imports -- a file with an import statement declares no packages */
// What the example's imports mean to the type checker here: Preact in React's place, and this package before it is built.
declare module "react" {
  import preact = require("preact/compat");
  export = preact;
}

declare module "react-dom/client" {
  export * from "preact/compat/client";
}

declare module "lex-chat" {
  type Package = typeof import("../../../widget/mount.ts");
  export const mount: Package["mount"];
  export type ChatEvents = import("../../../widget/mount.ts").ChatEvents;
  export type ChatHandle = import("../../../widget/mount.ts").ChatHandle;
  export type MountOptions = import("../../../widget/mount.ts").MountOptions;
}
