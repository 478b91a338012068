/**
 * How the shop wants its chat to look: settings of its proxy and not attributes of the script tag,
 * which would win over what its owner tells Lexey's configuration agent.
 */
export const SHOP_BRANDING = {
  AGENT_NAME: "Marlow Support",
  PRIMARY_COLOR: "#1F5C4D",
  WELCOME_HEADING: "Need help with Marlow?",
  WELCOME_SUBHEADING: "Ask about grinders, beans, delivery or returns. Answers come in seconds.",
};
