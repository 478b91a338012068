import { fireEvent } from "@testing-library/preact";
import { afterEach, expect, it, vi } from "vitest";
import { rove } from "../../widget/components/rove.ts";

const ANSWER =
  '<a href="#">link</a><code>word</code><div tabindex="-1"><table></table></div><pre tabindex="-1"><code>code</code></pre><button>Copy</button>';

Element.prototype.scrollIntoView = () => undefined;
afterEach(() => document.body.replaceChildren());

/** Some messages with controls; what is in the Tab order is told by `stops`. */
async function draw(count = 3) {
  const list = document.createElement("ol");
  const outside = document.createElement("textarea");
  document.body.append(list, outside);
  rove(list);
  const messages = Array.from({ length: count }, () => document.createElement("li"));
  for (const [index, message] of messages.entries()) {
    message.className = "message";
    message.id = `m${index}`;
    message.innerHTML = ANSWER;
  }
  list.append(...messages);
  const stops = () =>
    Array.from(list.querySelectorAll<HTMLElement>('[tabindex="0"]'), (stop) =>
      [stop.closest("li")?.id, stop.localName].join(" "),
    );
  const controls = (id: string) =>
    ["li", "a", "table", "code", "button"].map((tag) => `${id} ${tag}`);
  await vi.waitFor(() => expect(stops()).not.toEqual([]));
  return { controls, list, messages, outside, stops };
}

const press = (key: string, init: object = {}) =>
  fireEvent.keyDown(document.activeElement as Element, { key, ...init });

it("puts the last message and its controls into the Tab order, and nothing else", async () => {
  const { controls, stops } = await draw();
  expect(stops()).toEqual(controls("m2"));
});

it.each([
  ["m1", "ArrowUp", "m0"],
  ["m1", "ArrowDown", "m2"],
  ["m2", "Home", "m0"],
  ["m0", "End", "m2"],
  ["m0", "ArrowUp", "m0"],
  ["m2", "ArrowDown", "m2"],
])("moves from %s with %s to %s, with the controls", async (from, key, to) => {
  const { controls, messages, stops } = await draw();
  messages.find(({ id }) => id === from)?.focus();
  expect(press(key)).toBe(false);
  expect(document.activeElement?.id).toBe(to);
  expect(stops()).toEqual(controls(to));
});

it("takes up a list that is there already, from the message that has the focus", async () => {
  const { controls, list } = await draw();
  const again = list.cloneNode(true) as HTMLElement;
  for (const element of again.querySelectorAll("*")) element.removeAttribute("tabindex");
  list.replaceWith(again);
  again.querySelector("button")?.focus();
  rove(again);
  const stops = Array.from(again.querySelectorAll('[tabindex="0"]'), ({ localName }) => localName);
  expect(stops.map((name) => `m0 ${name}`)).toEqual(controls("m0"));
});

it("moves on from a link inside a message", async () => {
  const { messages } = await draw();
  messages[1]?.querySelector("a")?.focus();
  press("ArrowDown");
  expect(document.activeElement).toBe(messages[2]);
});

it.each([{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { shiftKey: true }])(
  "leaves a key with %j to the browser",
  async (init) => {
    const { messages } = await draw();
    messages[1]?.focus();
    expect(press("ArrowUp", init)).toBe(true);
    expect(document.activeElement).toBe(messages[1]);
  },
);

it("makes a message current that is clicked into", async () => {
  const { controls, messages, stops } = await draw();
  messages[0]?.querySelector("button")?.focus();
  expect(stops()).toEqual(controls("m0"));
});

it("goes to the newest message when one comes while the focus is elsewhere", async () => {
  const { list, messages, outside, stops } = await draw();
  messages[0]?.focus();
  outside.focus();
  const next = messages[0]?.cloneNode(true) as HTMLElement;
  next.id = "m3";
  list.append(next);
  await vi.waitFor(() => expect(stops()[0]).toBe("m3 li"));
  expect(stops()).toHaveLength(5);
});

it("stays with the reader when a message comes", async () => {
  const { controls, list, messages, stops } = await draw();
  messages[0]?.focus();
  const next = document.createElement("li");
  next.className = "message";
  list.append(next);
  await vi.waitFor(() => expect(next.tabIndex).toBe(-1));
  expect(stops()).toEqual(controls("m0"));
});

it.each([
  ["out of", 1, []],
  ["into", 2, ["m2 a"]],
])("takes a link that is written later %s the Tab order", async (_, at, expected) => {
  const { controls, messages, stops } = await draw();
  const paragraph = document.createElement("p");
  paragraph.innerHTML = '<a href="#later">later</a>';
  messages[at]?.append(paragraph);
  const link = paragraph.firstElementChild as HTMLElement;
  await vi.waitFor(() => expect(link.hasAttribute("tabindex")).toBe(true));
  expect(stops()).toEqual([...controls("m2"), ...expected]);
});
