import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createOrganisations } from "../../../demo/platform/organisation/organisation.ts";
import { openStore } from "../../../demo/platform/storage/store.ts";
import { articles } from "./agent.ts";

function open(file = ":memory:") {
  const store = openStore(file);
  const close = () => store.close();
  return { organisation: createOrganisations(store, articles)("acme"), store, close };
}

const titles = ({ organisation }: ReturnType<typeof open>) =>
  organisation.library.list().map(({ title }) => title);

test("an account begins with the folder's articles and nothing set", () => {
  const opened = open();

  expect(titles(opened)).toEqual(articles.map(({ title }) => title));
  expect(opened.organisation.configuration()).toEqual({
    context: null,
    branding: {},
    rules: { business: [], escalation: [] },
  });
});

test("what is set and written is there after the file is opened again", () => {
  const folder = mkdtempSync(join(tmpdir(), "organisation-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const first = open(join(folder, "platform.sqlite"));
  first.organisation.configure({ context: "We are a hotel." });
  first.organisation.configure({ branding: { agentName: "Rita" } });
  first.organisation.library.save({ title: "Visas", content: "Ask us.", category: "Travel" });
  first.organisation.library.archive("shipping");
  first.close();
  const second = open(join(folder, "platform.sqlite"));

  expect(second.organisation.configuration()).toMatchObject({
    context: "We are a hotel.",
    branding: { agentName: "Rita" },
  });
  expect(second.organisation.library.find("visas")).toEqual({
    title: "Visas",
    content: "Ask us.",
    category: "Travel",
  });
  expect(titles(second)).not.toContain("Shipping");
  second.close();
});

test("an article is written over the one of the same title, and comes back from the archive", () => {
  const { organisation } = open();
  const count = organisation.library.list().length;
  organisation.library.save({ title: "SHIPPING!", content: "By drone.", category: null });

  expect(organisation.library.list()).toHaveLength(count);
  expect(organisation.library.find("Shipping")?.content).toBe("By drone.");
  organisation.library.archive("Shipping");
  expect(organisation.library.find("Shipping")).toBeUndefined();
  organisation.library.save({ title: "Shipping", content: "By train.", category: null });
  expect(organisation.library.find("Shipping")?.content).toBe("By train.");
});

test("answers come from what is written at once, and no longer from what is archived", () => {
  const { library, knowledge } = open().organisation;
  const search = (text: string) => knowledge().search(knowledge().terms(text))[0]?.section.markdown;
  library.save({ title: "Unicycles", content: "A unicycle has one wheel.", category: null });

  expect(search("unicycle")).toBe("A unicycle has one wheel.");
  library.archive("Unicycles");
  expect(search("unicycle")).toBeUndefined();
});

test("one account knows nothing of another", () => {
  const { organisation, store } = open();
  const other = createOrganisations(store, articles)("other");
  organisation.configure({ context: "We are a hotel." });
  organisation.library.archive("Shipping");

  expect(other.configuration().context).toBeNull();
  expect(other.library.find("Shipping")).toBeDefined();
});
