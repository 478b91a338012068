/** Lua scripts with typed arguments: each is done by Redis as one step. */
import type { RedisConnection } from "./connection.ts";

/** Sent whole once on each connection, then by its hash. Rejects as every command does. */
export type Script<
  Keys extends readonly string[],
  Arguments extends readonly (string | number)[],
  Reply,
> = (redis: RedisConnection, keys: Keys, args: Arguments) => Promise<Reply>;

/** The beginning of a script: `now` is Redis's own time in milliseconds, the same for all instances. */
export const NOW = `
  local time = redis.call("TIME")
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

type Call = (...args: Array<string | number>) => Promise<unknown>;

/**
 * `const append = defineScript<[log: string], [fence: number], number | null>("append", "…")`.
 * `name` is unique in the process; `Reply` is what the Lua value becomes: a table is an array, a
 * number is cut to an integer, false is null.
 */
export function defineScript<
  Keys extends readonly string[],
  Arguments extends readonly (string | number)[],
  Reply,
>(name: string, lua: string): Script<Keys, Arguments, Reply> {
  const command = `lexChat:${name}`;
  return ({ commands }, keys, args) => {
    if (!(command in commands)) commands.defineCommand(command, { lua });
    const call = Reflect.get(commands, command) as Call;
    return call.call(commands, keys.length, ...keys, ...args) as Promise<Reply>;
  };
}
