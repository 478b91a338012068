import { assert, property, string, stringMatching } from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBranding } from "../../../../proxy/branding/parse-branding.ts";

const ALL = {
  agentName: "Acme Support",
  primaryColor: "#2563EB",
  welcomeHeading: "Need help with Acme?",
  welcomeSubheading: "We're here: 9 to 5.",
};
const json = JSON.stringify(ALL);

describe("an answer with all four values is read when it is", () => {
  test.each([
    ["JSON alone", json],
    ["JSON over several lines", JSON.stringify(ALL, null, 2)],
    ["JSON in a code fence", `\`\`\`json\n${json}\n\`\`\``],
    ["JSON among words", `Sure! Here it is: ${json}. Anything else?`],
    ["JSON after another object", `I looked {at} {"a":1} and found ${json}`],
    ["JSON in an object", JSON.stringify({ ok: true, data: { branding: ALL } })],
    [
      "JSON with other spellings",
      JSON.stringify({
        agent_name: ALL.agentName,
        "Primary colour": ALL.primaryColor,
        "welcome-heading": ALL.welcomeHeading,
        WelcomeSubHeading: ALL.welcomeSubheading,
      }),
    ],
    [
      "a list",
      `The branding is:\n\n- Agent name: **Acme Support**\n- Primary colour: **#2563EB**\n- Welcome heading: **Need help with Acme?**\n- Welcome subheading: **We're here: 9 to 5.**`,
    ],
    [
      "a list with bold names",
      `* **Agent name:** Acme Support\n* **Primary color:** #2563EB\n* **Welcome heading:** Need help with Acme?\n* **Welcome subheading:** We're here: 9 to 5.`,
    ],
    [
      "a list with quotes",
      `1. Agent name: "Acme Support"\n2. Primary colour: \`#2563EB\`\n3. Heading: “Need help with Acme?”\n4. Subheading: "We're here: 9 to 5."`,
    ],
    [
      "a sentence",
      `Your agent name is 'Acme Support', the primary colour is #2563EB, the welcome heading is 'Need help with Acme?' and the welcome subheading is 'We're here: 9 to 5.'`,
    ],
    [
      "several sentences",
      `The agent's name is "Acme Support". The primary colour is currently set to #2563EB (blue). The welcome heading says "Need help with Acme?", and the subheading below it reads "We're here: 9 to 5.".`,
    ],
    [
      "a table",
      `| Setting | Value |\n| --- | --- |\n| Agent name | Acme Support |\n| Primary colour | #2563EB |\n| Welcome heading | Need help with Acme? |\n| Welcome subheading | We're here: 9 to 5. |`,
    ],
    [
      "lines of settings",
      `agent_name = Acme Support\nprimary_color = #2563EB\nwelcome_heading = Need help with Acme?\nwelcome_subheading = We're here: 9 to 5.`,
    ],
    [
      "JSON with single quotes, which is none",
      `{'agentName': 'Acme Support', 'primaryColor': '#2563EB', 'welcomeHeading': 'Need help with Acme?', 'welcomeSubheading': 'We're here: 9 to 5.'}`,
    ],
  ])("%s", (_name, answer) => {
    expect(parseBranding(answer)).toEqual({ branding: ALL, problems: [] });
  });
});

test("any four values that the settings take come back from JSON, whatever signs they hold", () => {
  const text = string({ minLength: 1, maxLength: 80, unit: "grapheme" })
    .map((value) => `a${value.replaceAll(/\p{Cc}/gu, "")}z`)
    .filter((value) => value.length <= 80);
  const color = stringMatching(/^#[0-9a-f]{6}$/);
  assert(
    property(text, color, text, text, (agentName, primaryColor, welcomeHeading, sub) => {
      const branding = { agentName, primaryColor, welcomeHeading, welcomeSubheading: sub };
      const answer = `Here:\n\`\`\`json\n${JSON.stringify(branding)}\n\`\`\``;
      expect(parseBranding(answer)).toEqual({ branding, problems: [] });
    }),
  );
});

test.each([
  ["- Welcome heading: The “best” shop", "The “best” shop"],
  ["- Welcome heading: Don't panic: we're here", "Don't panic: we're here"],
  ['The welcome heading is “It\'s "on" us”.', 'It\'s "on" us'],
  ["The welcome heading is 'Say \"hi\"'.", 'Say "hi"'],
])("%s keeps its own quotes", (answer, welcomeHeading) => {
  expect(parseBranding(answer)).toEqual({ branding: { welcomeHeading }, problems: [] });
});

describe("a value that is not set is left out:", () => {
  test.each([
    ["null", '{"agentName":"Acme","welcomeHeading":null}'],
    ["an empty text", '{"agentName":"Acme","welcomeHeading":"  "}'],
    ["missing", '{"agentName":"Acme"}'],
    ["said so in JSON", '{"agentName":"Acme","welcomeHeading":"not set"}'],
    ["said so in a list", "- Agent name: Acme\n- Welcome heading: (not set yet)"],
    ["a dash", "- Agent name: Acme\n- Welcome heading: —"],
    ["said so in words", 'The agent name is "Acme". No welcome heading is configured.'],
  ])("%s", (_name, answer) => {
    expect(parseBranding(answer)).toEqual({ branding: { agentName: "Acme" }, problems: [] });
  });

  test("and so are all, when the agent says that none is", () => {
    const nothing = { agentName: null, primaryColor: null, welcomeHeading: null };
    expect(parseBranding(JSON.stringify(nothing))).toEqual({ branding: {}, problems: [] });
  });
});

describe("a value that the settings would not take is left out, and said to be wrong:", () => {
  test.each([
    ["a colour that is none", { primaryColor: "blueish" }, "primaryColor: use a hex colour"],
    ["a colour with transparency", { primaryColor: "#2563EB80" }, "primaryColor: use a hex colour"],
    ["a style", { primaryColor: "#fff;background:url(//x)" }, "primaryColor: use a hex colour"],
    ["a name of 81 characters", { agentName: "x".repeat(81) }, "agentName: use at most 80"],
    [
      "a heading of 201 characters",
      { welcomeHeading: "x".repeat(201) },
      "welcomeHeading: use at most",
    ],
    ["a text of several lines", { welcomeHeading: "Hello\nthere" }, "welcomeHeading: use one line"],
    ["a hidden sign", { welcomeHeading: "Hello\u0000" }, "welcomeHeading: use one line"],
    ["a number", { welcomeHeading: 7 }, "welcomeHeading: use a text"],
    ["a list", { welcomeHeading: ["Hello"] }, "welcomeHeading: use a text"],
  ])("%s", (_name, values, problem) => {
    const parsed = parseBranding(JSON.stringify({ welcomeSubheading: "Fine", ...values }));
    expect(parsed?.branding).toEqual({ welcomeSubheading: "Fine" });
    expect(parsed?.problems).toEqual([expect.stringContaining(problem)]);
  });
});

describe("an answer is none when it is", () => {
  test.each([
    ["empty", ""],
    ["about something else", "I can't help with that."],
    ["an apology that names a setting", "Sorry, which agent name do you mean?"],
    ["JSON about something else", '{"articles": 3, "rules": []}'],
    ["cut off", '{"agentName": "Acme Sup'],
    ["an array", '["Acme"]'],
  ])("%s", (_name, answer) => {
    expect(parseBranding(answer)).toBeNull();
  });
});

test.each([
  ["braces", "{".repeat(100_000)],
  ["opened strings", '{"'.repeat(50_000)],
  ["labels", "agent name ".repeat(10_000)],
  ["quotes", `heading is '${"' ".repeat(50_000)}`],
  ["asterisks", `heading: ${"**".repeat(50_000)}`],
])("an answer made of %s is read in no time", (_name, answer) => {
  const startedAt = performance.now();
  parseBranding(answer);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});
