import { expect, test } from "vitest";
import { connectLexey, startLexey, textOf } from "./lexey.ts";

const askFor = async (url: string, key: string, message: string) => {
  const manager = connectLexey(url, "management", key);
  return textOf(await manager.ask(await manager.create(), message));
};

test("what is set in one conversation is known in the next one", async () => {
  const { url } = await startLexey();
  await askFor(url, "lxm_demo", "Set our agent name to 'Acme Support'");

  expect(await askFor(url, "lxm_demo", "What is our current branding?")).toContain("Acme Support");
});

test("a management key configures the account of the customer key at its place", async () => {
  const { url } = await startLexey({
    customerKeys: ["lxc_one", "lxc_two"],
    managementKeys: ["lxm_one", "lxm_two", "lxm_alone"],
  });
  await askFor(url, "lxm_one", "Set our agent name to 'Acme Support'");
  const customer = connectLexey(url, "customer", "lxc_two");
  await customer.ask(await customer.create(), "Is shipping free?");
  const branding = "What is our current branding?";
  const report = "How have we performed over the last 7 days?";

  expect(await askFor(url, "lxm_one", branding)).toContain("Acme Support");
  expect(await askFor(url, "lxm_two", branding)).not.toContain("Acme Support");
  expect(await askFor(url, "lxm_alone", branding)).not.toContain("Acme Support");
  expect(await askFor(url, "lxm_two", report)).toContain("Conversations: **1**");
  expect(await askFor(url, "lxm_one", report)).toContain("no conversation");
});
