/** The agent's offer of a person; a "yes" after it is an answer to it. */
export const HANDOVER_OFFER = "Shall I pass you to a person?";

/** Said when the articles don't know. */
export const UNKNOWN_ANSWER = `I'm sorry, I don't know that. ${HANDOVER_OFFER}`;

/** Said when answering failed half-way or before the first word. */
export const APOLOGY =
  "I'm sorry, something went wrong on my side and I can't answer at the moment. Please try again in a minute.";

/** Said when the customer wants a person. */
export const PERSON_TAKES_OVER =
  "Gladly. One of us will take over this conversation. People answer **Monday to Friday, " +
  "9:00–17:00 CET**; outside these hours you hear from us on the next working day. You can also " +
  "write to [hello@marlow.example](mailto:hello@marlow.example).";

/** The same, of a business that is not the demo's shop. */
export const ONE_OF_US_TAKES_OVER = "Gladly. One of us will take over this conversation.";

/** Said of what a business rule forbids to speak of. */
export const AVOIDED =
  "I'm sorry, that is something I can't talk about here. What else can I help you with?";
