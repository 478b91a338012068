import { arch, cpus, platform } from "node:os";

/** When and where: numbers of two machines, or of two loads, are not to be compared. */
export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? "unknown CPU";
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  return `${date} UTC · Node ${process.version} · ${platform()} ${arch()} · ${model}, ${processors.length} cores`;
}
