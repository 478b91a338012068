/** What a person does with a tab, and with what went wrong. */
import { setTimeout as wait } from "node:timers/promises";
import type { Locator } from "playwright-core";
import type { Step, StepName } from "./plan.ts";
import type { Sent, Tab, World } from "./world.ts";

/** In milliseconds: what is not there by then is not there. */
const AT_ONCE = { timeout: 3_000 };

const QUESTIONS = [
  "How much is shipping to Germany?",
  "Hello",
  "Can I return it?",
  "How do I clean the grinder?",
];

const press = (button: Locator): Promise<boolean> =>
  button.click(AT_ONCE).then(
    () => true,
    () => false,
  );

const button = ({ chat }: Tab, name: string): Locator =>
  chat.panel.getByRole("button", { name, exact: true });

/** Opens the panel. */
export async function show(world: World, tab: Tab): Promise<void> {
  await tab.chat.page.bringToFront();
  if (!(await tab.chat.panel.isVisible())) await tab.chat.open();
  if (!tab.wasShown) tab.draft = world.storedDraft;
  tab.wasShown = true;
}

async function edit(world: World, tab: Tab, draft: string): Promise<void> {
  tab.draft = draft;
  const { saved } = await world.storage();
  // Nothing is stored of who has never sent anything.
  if (saved.token !== undefined) world.storedDraft = draft;
}

/** What has no conversation yet is given up with the place where it was typed. */
async function giveUp(world: World, isAll: boolean): Promise<void> {
  const { waiting } = await world.storage();
  const isLeft = ({ text }: Sent) =>
    waiting.some(({ content, conversation }) => content === text && !conversation);
  for (const message of world.sent) message.isGivenUp ||= isAll || isLeft(message);
}

const choose = async (tab: Tab, name: string): Promise<boolean> =>
  (await press(button(tab, "Menu"))) && press(tab.chat.panel.getByRole("menuitem", { name }));

async function goTo(tab: Tab, choice: (count: number) => number): Promise<boolean> {
  if (!(await choose(tab, "Conversations"))) return false;
  const list = tab.chat.panel.getByRole("region", { name: "Conversations" });
  const rows = list.getByRole("listitem").getByRole("button");
  await rows
    .first()
    .waitFor(AT_ONCE)
    .catch(() => undefined);
  const count = await rows.count();
  if (count > 0) return press(rows.nth(choice(count)));
  await tab.chat.page.keyboard.press("Escape");
  return false;
}

function nextQuestion({ sent }: World): string {
  return `${sent.length + 1}: ${QUESTIONS[sent.length % QUESTIONS.length]}`;
}

type Act = (world: World, tab: Tab, pause: number) => Promise<unknown>;

/** What one does with an open panel. */
const acts: Partial<Record<StepName, Act>> = {
  async ask(world, tab) {
    const { input } = tab.chat;
    const text = nextQuestion(world);
    await input.fill(text);
    await input.press("Enter");
    let isTaken = false;
    for (let tries = 0; tries < 20 && !isTaken; tries += 1) {
      isTaken = (await input.inputValue()) === "";
      if (!isTaken) await wait(40);
    }
    await edit(world, tab, isTaken ? "" : text);
    world.note(isTaken ? text : "is being answered");
    if (isTaken) world.sent.push({ text, tab: tab.number, isGivenUp: false, isSentAgain: false });
  },

  async type(world, tab, pause) {
    await tab.chat.input.fill(`Draft ${pause}`);
    await edit(world, tab, `Draft ${pause}`);
  },

  async stop(world, tab) {
    const stop = button(tab, "Stop answering");
    // When the answer ends, it is the button that sends what was typed.
    if (tab.draft === "" && (await stop.isVisible())) world.note(`stops: ${await press(stop)}`);
  },

  async fresh(world, tab) {
    const fresh = button(tab, "New conversation");
    if (!(await fresh.isVisible())) return;
    await giveUp(world, false);
    await press(fresh);
  },

  async back(world, tab, pause) {
    await giveUp(world, false);
    world.note(`goes there: ${await goTo(tab, (count) => pause % count)}`);
  },

  async forget(world, tab) {
    if (!(await choose(tab, "Delete from this browser"))) return;
    await giveUp(world, true);
    await press(button(tab, "Delete"));
    world.storedDraft = "";
  },
};

/** A page that sends something itself. */
async function command(world: World, tab: Tab): Promise<void> {
  const text = nextQuestion(world);
  world.note(text);
  world.sent.push({ text, tab: tab.number, isGivenUp: false, isSentAgain: false });
  await tab.chat.page.evaluate((text) => void window.LexChat?.("send", text), text);
  await tab.chat.input.waitFor();
  tab.wasShown = true;
  await edit(world, tab, "");
}

async function hide({ chat }: Tab): Promise<void> {
  if (!(await chat.panel.isVisible())) return;
  await chat.launcher.click();
  await chat.panel.waitFor({ state: "hidden" });
}

async function useTab(world: World, tab: Tab, { name, pause }: Step): Promise<unknown> {
  const { page, launcher } = tab.chat;
  if (name === "thaw") return world.setAsleep(tab, false);
  if (name === "freeze") {
    await world
      .tabs()
      .find((other) => other !== tab)
      ?.chat.page.bringToFront();
    return world.setAsleep(tab, true);
  }
  await page.bringToFront();
  if (name === "reload") {
    await page.reload();
    tab.wasShown = false;
    return launcher.waitFor();
  }
  // The panel is loaded when it is first asked for.
  if (!world.hasLine() && (await page.locator("dialog.panel").count()) === 0)
    return world.note("no panel");
  if (name === "hide") return hide(tab);
  if (name === "command") return command(world, tab);
  await show(world, tab);
  return acts[name]?.(world, tab, pause);
}

/** One step of a walk, and the pause after it. */
export async function take(world: World, step: Step): Promise<void> {
  const { name, tab: slot, pause } = step;
  world.note(`${name} ${slot}`);
  const tab = world.tabAt(slot);
  if (name === "open") await world.open(slot);
  else if (name === "close") await world.close(slot);
  else if (name === "offline" || name === "online") await world.setOnline(name === "online");
  else if (name === "kill") await world.kill(pause % 2 ? "SIGKILL" : "SIGTERM");
  else if (name === "start") await world.startProxy();
  else if (tab) await useTab(world, tab, step);
  await wait(pause);
}

/** What is left to a person: what was not sent, or waits in a conversation that was left. */
export async function remedy(world: World): Promise<void> {
  const mark = (text: string | null) => {
    for (const message of world.sent) if (message.text === text) message.isSentAgain = true;
  };
  for (const tab of world.tabs()) {
    const failed = tab.chat.page.locator("li.message.failed").first();
    if ((await failed.count()) === 0) continue;
    await show(world, tab);
    const text = await failed.locator(".bubble").textContent();
    mark(text);
    world.note(`sends again: ${text}: ${await press(failed.locator("button.link").first())}`);
  }
  const { saved, waiting } = await world.storage();
  const isHere = ({ conversation = saved.conversation }) => conversation === saved.conversation;
  const [left, tab] = [waiting[0], world.tabs()[0]];
  if (!left || !tab || waiting.some(isHere)) return;
  const index = saved.conversations?.findIndex(([handle]) => handle === left.conversation) ?? 0;
  mark(left.content);
  await show(world, tab);
  world.note(`goes back for ${left.content}: ${await goTo(tab, () => index)}`);
}
