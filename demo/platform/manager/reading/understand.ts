import type { Action } from "../actions.ts";
import type { Branding } from "../../storage/configuration.ts";
import { readAnalytics } from "./analytics.ts";
import { readArticles } from "./articles.ts";
import { readBranding } from "./branding.ts";
import { cutClauses, type Clause } from "./clauses.ts";
import { readContext } from "./context.ts";
import type { Finding, Question, Reader, Reading, Situation } from "./reading.ts";
import { readRules } from "./rules.ts";
import { readSettings } from "./settings.ts";
import { isSmallTalk } from "./small-talk.ts";
import { readStatement } from "./statement.ts";
import { toText, type Text } from "./text.ts";
import { COMMAND } from "./vocabulary.ts";

/** What a message asks for: things to do, and at most one question back. */
export type Understanding = { actions: Action[]; question?: Question };

/** The first that can read a clause does: those that take whole texts come before those of words. */
const READERS: Reader[] = [
  readArticles,
  readContext,
  readRules,
  readSettings,
  readAnalytics,
  readBranding,
  readStatement,
];

const STARTS_WITH_COMMAND = new RegExp(`^${COMMAND}\\b`);

/** Understands a message; `pending` is what was asked back before it. */
export function understand(
  message: string,
  situation: Situation,
  pending?: Question,
): Understanding {
  const text = toText(message.trim());
  if (isSmallTalk(text.plain)) return { actions: [] };
  const answer = () => {
    const found = pending?.answer(text);
    return found && toUnderstanding([found]);
  };
  const read = readMessage(text, situation);
  const isRequest = read.actions.length > 0 && !(pending?.isOpen && !isCommand(text));
  return isRequest ? read : (answer() ?? read);
}

/** One clause, and a command: no text that an open question has asked for. */
function isCommand(text: Text): boolean {
  const [first, ...others] = cutClauses(text);
  return first !== undefined && others.length === 0 && STARTS_WITH_COMMAND.test(first.text.plain);
}

function readMessage(text: Text, situation: Situation): Understanding {
  const readings: Reading[] = [];
  let end = 0;
  for (const clause of cutClauses(text)) {
    if (clause.start < end || isSmallTalk(clause.text.plain)) continue;
    const reading = readClause(clause, situation);
    const last = readings.at(-1);
    if (last?.grow && (!reading || isMoreOfTheSame(last, reading))) {
      readings.splice(-1, 1, last.grow(clause));
    } else if (reading) {
      readings.push(reading);
      end = clause.start + (reading.length ?? 0);
    }
  }
  return toUnderstanding(
    readings.flatMap(({ finding, also }) => (also ? [finding, also] : [finding])),
  );
}

function readClause(clause: Clause, situation: Situation): Reading | undefined {
  for (const read of READERS) {
    const reading = read(clause, situation);
    if (reading) return reading;
  }
  return undefined;
}

/** A fact goes on with what was described, and a rule under "these rules:" is one of them. */
function isMoreOfTheSame(last: Reading, next: Reading): boolean {
  const [one, other] = [kindOf(last.finding), kindOf(next.finding)];
  if (other === "purpose") return true;
  return next.grow !== undefined && (one === other || (one === "rule" && other === "add_rules"));
}

function kindOf(finding: Finding): string {
  return "action" in finding ? finding.action.name : finding.question.about;
}

function toUnderstanding(findings: Finding[]): Understanding {
  const actions = joinBranding(
    findings.flatMap((finding) => ("action" in finding ? [finding.action] : [])),
  );
  const questions = findings.flatMap((finding) =>
    "question" in finding ? [finding.question] : [],
  );
  const isSet = actions.some(({ name }) => name === "set_branding");
  // "Update the branding:", and then what.
  const question = questions.find(({ about }) => !(isSet && about === "branding"));
  return question ? { actions, question } : { actions };
}

/** Values that stand in several sentences are one change. */
function joinBranding(actions: Action[]): Action[] {
  const branding: Branding = {};
  for (const action of actions) {
    if (action.name === "set_branding") Object.assign(branding, action.branding);
  }
  const first = actions.findIndex(({ name }) => name === "set_branding");
  return actions.flatMap((action, index): Action[] => {
    if (action.name !== "set_branding") return [action];
    return index === first ? [{ name: "set_branding", branding }] : [];
  });
}
