// What every page may do before the chat has loaded.
window.LexChat ||= function () {
  (LexChat.q ||= []).push(arguments);
};

const state = document.querySelector("#state");

/** Who is signed in, by the shop's cookie: a name, and a JWT of the shop's server; or nobody. */
async function readAccount() {
  const response = await fetch("/account");
  const { name, identity } = response.status === 200 ? await response.json() : {};
  state.textContent = name ? `${name} is signed in.` : "Nobody is signed in.";
  return identity;
}

/** An empty id signs out. */
async function signIn(id) {
  await fetch(`/account/${id}`, { method: id ? "POST" : "DELETE" });
  const identity = await readAccount();
  if (identity) LexChat("identify", identity);
  else LexChat("logout");
}

for (const button of document.querySelectorAll("[data-customer]")) {
  button.addEventListener("click", () => signIn(button.dataset.customer));
}

// A page that was left for an hour asks again.
LexChat("update", { onIdentityExpired: readAccount });
readAccount().then((identity) => identity && LexChat("identify", identity));
