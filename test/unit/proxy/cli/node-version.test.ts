import { expect, test } from "vitest";
import packageJson from "../../../../package.json" with { type: "json" };
import { problemWithNode, REQUIRED_NODE } from "../../../../proxy/cli/node-version.ts";

test.each(["22.18.0", "22.30.1", "24.0.0", "100.1.0"])("Node %s will do", (version) => {
  expect(problemWithNode(version)).toBeNull();
});

test.each(["18.20.4", "20.20.2", "22.17.9"])("Node %s is refused by its name", (version) => {
  expect(problemWithNode(version)).toBe(`lex-chat needs Node 22.18 or later; this is ${version}`);
});

test("what is required is what package.json says", () => {
  expect(packageJson.engines.node).toBe(`>=${REQUIRED_NODE}`);
});
