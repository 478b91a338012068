/** What the doctor says: each check gives findings, each with what to change when something is wrong. */

export type Finding = {
  level: "ok" | "warning" | "problem";
  /** What was looked at, in a word or two. */
  about: string;
  says: string;
  fix?: string;
};

/** Findings of one subject. */
export function findingsAbout(about: string) {
  return {
    ok: (says: string): Finding => ({ level: "ok", about, says }),
    warning: (says: string, fix: string): Finding => ({ level: "warning", about, says, fix }),
    problem: (says: string, fix: string): Finding => ({ level: "problem", about, says, fix }),
  };
}

const ABOUT_WIDTH = 11;

/** For people: the level, the subject, the sentence, and the fix on a line of its own. */
export function toLine({ level, about, says, fix }: Finding): string {
  const line = `${level.padEnd(8)} ${about.padEnd(ABOUT_WIDTH)} ${says}`;
  return fix === undefined ? line : `${line}\n${" ".repeat(9 + ABOUT_WIDTH)} → ${fix}`;
}
