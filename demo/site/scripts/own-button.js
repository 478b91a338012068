// What every page may do before the chat has loaded.
window.LexChat ||= function () {
  (LexChat.q ||= []).push(arguments);
};

const state = document.querySelector("#state");
document.querySelector("#chat").addEventListener("click", () => LexChat("toggle"));
document.addEventListener("lex-chat:open", () => (state.textContent = "The chat is open."));
document.addEventListener("lex-chat:close", () => (state.textContent = "The chat is closed."));
document.addEventListener("lex-chat:message", ({ detail }) => {
  if (detail.role === "assistant") state.textContent = "Marlow has answered.";
});
