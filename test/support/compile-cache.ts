/** For the environment of a Node process: it finds what others have stripped and compiled already. */
export const COMPILE_CACHE: NodeJS.ProcessEnv = {
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
};
