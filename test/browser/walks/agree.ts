/** What has to be true in the end, whatever has happened. */
import { parseBlocks } from "../../../widget/markdown/blocks.ts";
import type { Tree } from "../../../widget/markdown/tree.ts";
import type { Message, MessagesResponse } from "../../../proxy/protocol.ts";
import type { Saved } from "../../../widget/store.ts";
import { ADMIN_TOKEN, PLATFORM_KEY, type Tab, type World } from "./world.ts";

/** One tab as it is on the screen. */
type Screen = {
  messages: Array<{ role: string; text: string; note: string }>;
  hasOlder: boolean;
  status: string;
  isBusy: boolean;
  draft: string;
  label: string;
  isOpen: boolean;
};

const readScreen = ({ chat }: Tab): Promise<Screen> =>
  chat.page.evaluate(() => {
    const root = document.querySelector("lex-chat-widget")?.shadowRoot;
    const find = (selector: string) => root?.querySelector(selector);
    const messages = [...(root?.querySelectorAll("li.message") ?? [])].map((item) => ({
      role: item.classList.contains("user") ? "user" : "assistant",
      text: item.querySelector(".bubble, .markdown")?.textContent ?? "",
      note: item.querySelector(".failure, .slow")?.textContent ?? "",
    }));
    return {
      messages,
      hasOlder: !!find(".older"),
      status: find(".status")?.textContent ?? "",
      isBusy: !!find(".activity, .streaming, button[aria-label='Stop answering']"),
      draft: (find("textarea") as HTMLTextAreaElement | undefined)?.value ?? "",
      label: find("button.launcher")?.ariaLabel ?? "",
      isOpen: !!find("dialog.panel[open]"),
    };
  });

const textOf = (tree: Tree): string =>
  typeof tree === "string" ? tree : tree.children.map(textOf).join("");

const render = (markdown: string): string =>
  parseBlocks(markdown.split(/\r\n?|\n/), "Copy", false)
    .map(textOf)
    .join("");

/** A walk has fewer messages than one page. */
async function readHistory(
  { proxyUrl, origin }: World,
  { token, conversation }: Saved,
): Promise<Message[]> {
  if (!conversation) return [];
  const url = `${proxyUrl}/api/conversations/${conversation}/messages?limit=100`;
  const headers = { Authorization: `Bearer ${token}`, Origin: origin };
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`the history: ${response.status} ${await response.text()}`);
  return ((await response.json()) as MessagesResponse).messages;
}

/** As a visitor sees them: what was stopped ends there. */
async function readExpected(world: World, saved: Saved) {
  const cuts = new Map(saved.cuts);
  return (await readHistory(world, saved)).flatMap(({ id, role, content }) => {
    const cut = cuts.get(`${saved.conversation} ${id}`) ?? content.length;
    if (cut === 0) return [];
    return [{ id, role, text: role === "user" ? content : render(content.slice(0, cut)) }];
  });
}

/** Each conversation at the platform: what visitors have said in it. */
async function readPlatform({ platformUrl }: World): Promise<string[][]> {
  const get = async <Answer>(path: string) => {
    const response = await fetch(`${platformUrl}/api/conversations${path}`, {
      headers: { Authorization: `Bearer ${PLATFORM_KEY}` },
    });
    return (await response.json()) as Answer;
  };
  const { conversations } = await get<{ conversations: Array<{ id: string }> }>("");
  return Promise.all(
    conversations.map(async ({ id }) => {
      const { messages } = await get<MessagesResponse>(`/${id}/messages?limit=100`);
      return messages.filter(({ role }) => role === "user").map(({ content }) => content);
    }),
  );
}

async function countStreams({ proxyUrl }: World): Promise<number> {
  const response = await fetch(`${proxyUrl}/metrics`, {
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  return Number(/^lex_chat_viewers (\d+)$/m.exec(await response.text())?.[1]);
}

/** Everything that was sent is at the platform once, in the order of its tab. */
export async function checkPlatform(world: World): Promise<string[]> {
  const conversations = await readPlatform(world);
  const all = conversations.flat();
  const problems = world.sent.flatMap(({ text, isGivenUp }) => {
    const count = all.filter((other) => other === text).length;
    return count === 1 || (count === 0 && isGivenUp)
      ? []
      : [`"${text}" is at the platform ${count} times`];
  });
  if (all.length > world.sent.length) problems.push(`unknown: ${all.join()}`);
  for (const texts of conversations) {
    for (const tab of new Set(world.sent.map(({ tab }) => tab))) {
      const own = world.sent.filter(
        (message) => message.tab === tab && !message.isSentAgain && texts.includes(message.text),
      );
      const order = own.map(({ text }) => texts.indexOf(text));
      if (order.some((at, index) => at < (order[index - 1] ?? -1)))
        problems.push(`tab ${tab}: the order is ${texts.join(" | ")}`);
    }
  }
  return problems;
}

/** Launchers whose chat is loaded and closed say how much is unread. */
export async function checkUnread(world: World): Promise<string[]> {
  const { saved } = await world.storage();
  const expected = await readExpected(world, saved);
  const read = expected.findLastIndex(({ id }) => id === saved.lastRead);
  const unread = expected.slice(read + 1).filter(({ role }) => role !== "user").length;
  const problems: string[] = [];
  for (const tab of world.tabs()) {
    const { label, isOpen } = await readScreen(tab);
    const shown = Number(/(\d+) unread/.exec(label)?.[1] ?? 0);
    if (tab.wasShown && !isOpen && shown !== unread)
      problems.push(`tab ${tab.number}: ${label}, and ${unread} are unread`);
  }
  return problems;
}

/** Every tab shows the conversation as the proxy has it, calmly. */
export async function checkScreens(world: World): Promise<string[]> {
  const { saved, waiting } = await world.storage();
  const expected = await readExpected(world, saved);
  const wanted = expected.map(({ role, text }) => `${role}: ${text}`);
  const problems: string[] = waiting.map(({ content }) => `still waits: ${content}`);
  for (const tab of world.tabs()) {
    const screen = await readScreen(tab);
    const name = `tab ${tab.number}`;
    const shown = screen.messages.map(({ role, text }) => `${role}: ${text}`);
    const least = screen.hasOlder ? Math.min(20, wanted.length) : wanted.length;
    if (
      shown.length < least ||
      shown.join("\n") !== wanted.slice(-shown.length || wanted.length).join("\n")
    )
      problems.push(`${name} shows\n${list(shown)}\nnot\n${list(wanted)}`);
    for (const { note, text } of screen.messages)
      if (note) problems.push(`${name}: "${text}": ${note}`);
    if (screen.status) problems.push(`${name}: the status is "${screen.status}"`);
    if (screen.isBusy) problems.push(`${name} is busy`);
    if (screen.draft !== tab.draft)
      problems.push(`${name}: the composer has "${screen.draft}", not "${tab.draft}"`);
  }
  if (!world.isHeld) {
    const streams = await countStreams(world);
    if (streams !== (saved.conversation ? 1 : 0)) problems.push(`${streams} streams are open`);
  }
  return [...problems, ...world.errors()];
}

const list = (lines: readonly string[]): string =>
  lines.map((line) => `    ${line.slice(0, 60)}…${line.slice(-20)} (${line.length})`).join("\n");
