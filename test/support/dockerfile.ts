/** The Dockerfile as data, for the tests that do its steps without Docker. */

export type Instruction = { name: string; value: string };
/** What is between one FROM and the next. `name` is empty for the last stage, which is the image. */
export type Stage = { name: string; instructions: Instruction[] };

/** Comments are left out, and lines that end in a backslash joined. */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ")
    .split("\n");
  for (const line of lines.filter((line) => line.trim() !== "")) {
    const [, name = "", value = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === "FROM")
      stages.push({ name: / AS (\w+)$/.exec(value)?.[1] ?? "", instructions: [] });
    else stages.at(-1)?.instructions.push({ name, value });
  }
  return stages;
}

export type Copy = { stage: string | null; sources: string[]; target: string };

/** Each COPY; `stage` is null when it copies from the build context. */
export function copiesOf({ instructions }: Stage): Copy[] {
  return instructions
    .filter(({ name }) => name === "COPY")
    .map(({ value }) => {
      const [, stage = null, paths = ""] = /^(?:--from=(\w+) )?(.*)$/.exec(value) ?? [];
      const words = paths.split(/\s+/);
      return { stage, sources: words.slice(0, -1), target: words.at(-1) ?? "" };
    });
}

/** The value of the last such instruction. Throws when there is none. */
export function valueOf({ instructions }: Stage, name: string): string {
  const found = instructions.findLast((instruction) => instruction.name === name);
  if (!found) throw new Error(`the stage has no ${name}`);
  return found.value;
}

/** The arguments of an instruction in exec form, of a HEALTHCHECK those after CMD. */
export function argumentsOf(stage: Stage, name: string): string[] {
  const value = valueOf(stage, name);
  return JSON.parse(value.slice(value.indexOf("["))) as string[];
}
