import { findPeriod, USUAL_PERIOD } from "../period.ts";
import type { Reader } from "./reading.ts";
import { BOT } from "./vocabulary.ts";

const COUNTED =
  "(?:conversations?|chats?|messages?|questions?|escalations?|enquir(?:y|ies)|inquir(?:y|ies)|customers?|people|visitors?|handovers?|answers?)";
const SPAN = "(?:this|(?:the )?(?:last|past|previous))(?= (?:\\w+ )?(?:day|week|month|year)s?\\b)";
const US = `(?:${SPAN}|we|you|it|things|our chat|our ${BOT}|the ${BOT}|the chat|the widget|everything)`;

/** What a question about past conversations is about. */
const TOPICS = [
  /\banalytics?\b/,
  /\b(?:stats?|statistics|metrics|kpis?)\b/,
  /\bperform(?:ed|ing|ance|s)?\b/,
  /\b(?:our|the|your) (?:numbers|figures)\b/,
  /\b(?:a|an|the|our|weekly|monthly|daily)\s(?:\w+ )?(?:report|summary|overview)\b/,
  new RegExp(`\\b(?:how many|how much|number of|count of|total|amount of)\\b.*\\b${COUNTED}\\b`),
  /\bhow (?:often|frequently)\b/,
  /\bhow busy\b/,
  new RegExp(
    `\\bhow (?:did|have|has|are|is|was|were|do|does) ${US}\\b.*\\b(?:do|doing|done|go|going|perform\\w*|yesterday|today|weeks?|months?|year)\\b`,
  ),
  /\b(?:response|reply|answer|answering|first[- ]token|waiting) times?\b|\bhow (?:fast|quick|quickly|slow)\b|\bhow long\b.*\b(?:wait|answer|respond|reply)\b/,
  /\bunanswered\b|\b(?:couldn't|could not|can't|cannot|didn't|unable to|failed to|not able to)\b.*\b(?:answer|know|resolve|help)/,
  new RegExp(
    `\\b(?:show|give|list|any)\\b.*\\b(?:conversations|chats|escalations|questions|messages)\\b`,
  ),
];

/** A question about a time is one of them when it is about chats at all. */
const QUESTION =
  /^(?:any|are|did|do|does|has|have|how|is|was|were|what|what's|when|which|who|why)\b/;
const CHATS =
  /\b(?:escalat\w*|ask(?:ed)?|answer\w*|conversations?|chat(?:s|ted)?|customers?|visitors?|messages?|contact(?:ed)?|hand(?:ed)? over|busy)\b/;

/** How the agent has done over a period. */
export const readAnalytics: Reader = ({ text: { plain } }) => {
  const period = findPeriod(plain);
  const isAboutTime = period !== undefined && QUESTION.test(plain) && CHATS.test(plain);
  if (!isAboutTime && !TOPICS.some((topic) => topic.test(plain))) return undefined;
  return { finding: { action: { name: "show_analytics", period: period ?? USUAL_PERIOD } } };
};
