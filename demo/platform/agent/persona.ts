import type { Configuration } from "../storage/configuration.ts";

/** What an assistant is asked about itself, or says in passing. */
export type Topic = keyof typeof SHOP | "business";

/** The assistant of the demo's shop: who speaks when nothing else is configured. */
const SHOP = {
  greeting: "What can I do for you: something about our gear, our beans or an order?",
  howAreYou: "Very well, thank you. The coffee is good here. What can I help you with?",
  thanks: "You're welcome! Enjoy your coffee.",
  fine: "Good. Is there anything else that I can help you with?",
  goodbye: "Goodbye, and have a good cup!",
  declined: "All right. Ask me anything else about our gear, our beans or your order.",
  who: "Marlow's assistant, a program and not a person. I answer from our help pages, and when I don't know something I can pass you to one of us.",
  help: "Of course. I can tell you about:\n\n- our grinder, kettle, dripper and scale\n- beans and subscriptions\n- shipping, returns and payment\n- warranty and repairs\n- how to brew with all of it\n\nWhat would you like to know?",
};

/** The assistant of any business. */
const ANY: typeof SHOP = {
  greeting: "What can I do for you?",
  howAreYou: "Very well, thank you. What can I help you with?",
  thanks: "You're welcome!",
  fine: SHOP.fine,
  goodbye: "Goodbye!",
  declined: "All right. Ask me anything else.",
  who: "an assistant, a program and not a person. When I don't know something I can pass you to one of us.",
  help: "Of course. What would you like to know?",
};

/** The assistant's words, by its name and its business where they are set. */
export function introduce(topic: Topic, configuration?: Configuration): string {
  const context = configuration?.context ?? null;
  const name = configuration?.branding.agentName;
  if (topic === "business") return context ?? SHOP.who;
  const text = (context === null ? SHOP : ANY)[topic];
  if (topic === "greeting") return `Hello!${name ? ` I'm ${name}.` : ""} ${text}`;
  if (topic === "help") return context === null ? text : `${context}\n\n${text}`;
  if (topic !== "who") return text;
  return [`I'm ${name ? `${name}, ` : ""}${text}`, context].filter(Boolean).join(" ");
}
