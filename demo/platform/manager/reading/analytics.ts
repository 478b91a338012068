import { findPeriod, USUAL_PERIOD } from "../period.ts";
import type { Reader } from "./reading.ts";
import { BOT } from "./vocabulary.ts";

const COUNTED =
  "(?:conversations?|chats?|messages?|questions?|escalations?|enquir(?:y|ies)|inquir(?:y|ies)|customers?|people|visitors?|handovers?|answers?)";
const US = `(?:we|you|it|things|our chat|our ${BOT}|the ${BOT}|the chat|the widget|everything)`;

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
    `\\bhow (?:did|have|has|are|is|was|were|do|does) ${US}\\b.*\\b(?:do|doing|done|go|going|perform\\w*|yesterday|today|week|month)\\b`,
  ),
  /\b(?:response|reply|answer|answering|first[- ]token|waiting) times?\b|\bhow (?:fast|quick|quickly|slow)\b/,
  /\bunanswered\b|\b(?:couldn't|could not|can't|cannot|didn't|unable to|failed to|not able to)\b.*\b(?:answer|know|resolve|help)/,
  new RegExp(
    `\\b(?:show|give|list|any)\\b.*\\b(?:conversations|chats|escalations|questions|messages)\\b`,
  ),
];

/** How the agent has done over a period. */
export const readAnalytics: Reader = ({ text: { plain } }) => {
  if (!TOPICS.some((topic) => topic.test(plain))) return undefined;
  const period = findPeriod(plain) ?? USUAL_PERIOD;
  return { finding: { action: { name: "show_analytics", period } } };
};
