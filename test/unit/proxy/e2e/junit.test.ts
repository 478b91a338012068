// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { toJunit } from "../../../../proxy/e2e/junit.ts";
import { createAgents, refuse, run, toScenarios, type Reply } from "./agents.ts";

/** Throws for what is no XML. */
function parse(xml: string): Document {
  const document = new DOMParser().parseFromString(xml, "application/xml");
  const [error] = document.getElementsByTagName("parsererror");
  if (error) throw new Error(error.textContent ?? "no XML");
  return document;
}

async function toDocument(reply: Reply, repeat = 1, passRate = 1): Promise<Document> {
  const { agents } = createAgents(reply);
  const results = await run(toScenarios([null, "a"], [null, "b"]), { agents, repeat, passRate });
  return parse(toJunit(results));
}

const attributes = (element: Element | null | undefined) =>
  Object.fromEntries([...(element?.attributes ?? [])].map(({ name, value }) => [name, value]));

describe("JUnit XML", () => {
  test("has a suite for each file and a case for each scenario", async () => {
    const document = await toDocument(() => "ok");
    const counts = { tests: "2", failures: "0", errors: "0", skipped: "0" };
    expect(attributes(document.documentElement)).toMatchObject({ name: "lex-chat e2e", ...counts });
    expect(attributes(document.querySelector("testsuite"))).toMatchObject({ name: "a.yaml" });
    const cases = [...document.querySelectorAll("testsuite > testcase")].map(attributes);
    const time = expect.stringMatching(/^\d+\.\d{3}$/);
    expect(cases).toEqual([
      { name: "s1", classname: "a.yaml", file: "a.yaml", time },
      { name: "s2", classname: "a.yaml", file: "a.yaml", time },
    ]);
  });

  test("tells failures from errors", async () => {
    const document = await toDocument((message) => (message === "a" ? "wrong" : refuse()));
    expect(attributes(document.documentElement)).toMatchObject({ failures: "1", errors: "1" });
    const failure = document.querySelector('[name="s1"] > failure');
    expect(attributes(failure)).toEqual({ message: "expected matches /^ok$/", type: "failed" });
    expect(failure?.textContent).toMatch(/a\.yaml:2:9 steps: "a"\n.*\n +answer +wrong$/);
    const error = document.querySelector('[name="s2"] > error');
    expect(attributes(error)["message"]).toMatch(/does not know the key .*\(401\)/);
  });

  test("is none the worse for what agents write", async () => {
    const text = `<b>&amp;]]>\u0000\u001b[31m"' \ud800 \uffff 🙂\r\nend`;
    const failure = (await toDocument(() => text)).querySelector("failure");
    expect(failure?.textContent).toContain(`<b>&amp;]]>[31m"' \ufffd \ufffd 🙂\n`);
  });

  test("passes a case that is right often enough, and keeps what went wrong", async () => {
    let asked = 0;
    const document = await toDocument(() => ((asked += 1) === 1 ? "no" : "ok"), 2, 0.5);
    expect(attributes(document.documentElement)).toMatchObject({ failures: "0" });
    const out = document.querySelector('[name="s1"] > system-out');
    expect(out?.textContent).toMatch(/^1 of 2 attempts passed\n.*attempt 1: "a"/);
  });
});
