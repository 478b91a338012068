import { describe, expect, test } from "vitest";
import {
  ConfigError,
  parseConfig,
  parsePlatform,
  parseSettings,
  type ProxyOptions,
} from "../../../proxy/config.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const OTHER_SECRET = "fedcba9876543210fedcba9876543210";
const REQUIRED = { LEX_API_KEY: "lex2_key", SESSION_SECRET: SECRET };

function problemsOf(options: ProxyOptions, environment: NodeJS.ProcessEnv = REQUIRED): string[] {
  try {
    parseConfig(options, environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...error.problems];
  }
}

describe("where a value comes from", () => {
  test("an option is taken before the environment", () => {
    const config = parseConfig({ port: 1234 }, { ...REQUIRED, PORT: "5678", HOST: "127.0.0.1" });

    expect(config.port).toBe(1234);
    expect(config.host).toBe("127.0.0.1");
  });

  test.each([undefined, "", "  "])("%j counts as not given", (port) => {
    expect(parseConfig({ port }, { ...REQUIRED, PORT: "5678" }).port).toBe(5678);
    expect(parseConfig({}, { ...REQUIRED, PORT: port }).port).toBe(8787);
  });

  test("spaces around a value are left out", () => {
    expect(parseConfig({}, { ...REQUIRED, AGENT_NAME: "  Ada \n" }).branding.agentName).toBe("Ada");
  });

  test("options may be numbers, booleans and lists", () => {
    const config = parseConfig(
      {
        port: 0,
        feedback: false,
        trustProxy: false,
        allowedOrigins: ["https://a.test", "https://*.b.test"],
        sessionSecret: [OTHER_SECRET, SECRET],
        limitStreams: 3,
      },
      REQUIRED,
    );

    expect(config).toMatchObject({
      port: 0,
      feedback: false,
      trustProxy: false,
      allowedOrigins: ["https://a.test", "https://*.b.test"],
      sessionSecret: [OTHER_SECRET, SECRET],
      limits: { limitStreams: 3 },
    });
  });
});

describe("the result", () => {
  test("branding holds only what was set", () => {
    expect(parseConfig({ agentName: "Ada" }, REQUIRED).branding).toEqual({ agentName: "Ada" });
  });

  test("the origin of PUBLIC_URL is allowed without being listed", () => {
    const { origins } = parseConfig({ publicUrl: "https://example.com/chat" }, REQUIRED);

    expect([...origins.exact]).toEqual(["https://example.com"]);
  });

  test("is frozen", () => {
    const config = parseConfig({ allowedOrigins: "https://a.test" }, REQUIRED);
    const parts = [config, config.limits, config.branding, config.allowedOrigins];

    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
  });
});

describe("the platform", () => {
  const LEX = { LEX_API_KEY: "lex2_key", LEX_URL: "http://lex.test" };
  const LEXEY = { LEXEY_CUSTOMER_KEY: "lxc_key", LEXEY_URL: "http://lexey.test" };
  const choose = (environment: NodeJS.ProcessEnv) => {
    const config = parseConfig({}, { SESSION_SECRET: SECRET, ...environment });
    return [config.platform, config.platformUrl, config.platformKey];
  };

  test.each([
    [LEX, ["lex", "http://lex.test", "lex2_key"]],
    [LEXEY, ["lexey", "http://lexey.test", "lxc_key"]],
    [{ ...LEX, ...LEXEY, PLATFORM: "lex" }, ["lex", "http://lex.test", "lex2_key"]],
    [{ ...LEX, ...LEXEY, PLATFORM: "lexey" }, ["lexey", "http://lexey.test", "lxc_key"]],
  ])("of %j is %j", (environment, platform) => {
    expect(choose(environment)).toEqual(platform);
  });

  test.each([
    [{ ...LEX, ...LEXEY }, /^PLATFORM is not set: .* set it to lex or lexey$/],
    [{ ...LEX, PLATFORM: "lexey" }, /^LEXEY_CUSTOMER_KEY is not set: .*lxc_$/],
    [{ ...LEXEY, PLATFORM: "lex" }, /^LEX_API_KEY is not set: /],
    [{ ...LEXEY, CONVERSATIONS: "shared" }, /^CONVERSATIONS is "shared": Lexey has no channel/],
  ])("of %j is a problem", (environment, problem) => {
    expect(problemsOf({}, { SESSION_SECRET: SECRET, ...environment })).toEqual([
      expect.stringMatching(problem),
    ]);
  });
});

describe("problems", () => {
  test("all are reported at once, each with name, value and fix", () => {
    const environment = {
      PORT: "http",
      PRIMARY_COLOR: "red",
      LIMIT_STREAMS: "0",
      FEEDBACK: "maybe",
    };

    expect(problemsOf({}, environment)).toEqual([
      'PORT is "http": use a whole number from 0 to 65535',
      "SESSION_SECRET is not set: it signs the visitors' tokens; make one with: openssl rand -hex 32",
      'PRIMARY_COLOR is "red": use a hex colour such as #2563EB',
      'FEEDBACK is "maybe": use on or off',
      'LIMIT_STREAMS is "0": use a whole number from 1 to 1000000000',
      expect.stringMatching(/^LEX_API_KEY is not set: .*lex2_; for Lexey set LEXEY_CUSTOMER_KEY$/),
    ]);
  });

  test("each is a line of the error's message", () => {
    expect(() => parseConfig({ port: -1, coalesceMs: "x" }, REQUIRED)).toThrow(
      /^The configuration has problems:\n {2}- PORT is "-1".*\n {2}- COALESCE_MS is "x".*$/,
    );
  });

  test.each([
    ["LEX_API_KEY", "lex2_secret value"],
    ["LEXEY_CUSTOMER_KEY", "lxm_of-the-other-kind"],
    ["LEXEY_WEBHOOK_SECRET", "too-short-secret"],
    ["SESSION_SECRET", "too-short-secret"],
    ["IDENTITY_SECRET", "too-short-secret"],
    ["ADMIN_TOKEN", "too-short-secret"],
    ["WEBHOOK_SECRET", "too-short-secret"],
  ])("a wrong %s is told by its length and never shown", (name, value) => {
    const problems = problemsOf({}, { ...REQUIRED, [name]: value });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} \\(${value.length} characters\\): `));
    expect(problems[0]).not.toContain("secret value");
    expect(problems[0]).not.toContain(value);
  });

  test("a password in an address is not shown", () => {
    const [problem = ""] = problemsOf({ lexUrl: "https://owner:hunter2@lex.example.com" });

    expect(problem).toMatch(/^LEX_URL is ".*lex\.example\.com": leave out user/);
    expect(problem).not.toContain("hunter2");
  });

  test("an unknown option is one", () => {
    const options = { prot: 1234 } as ProxyOptions;

    expect(problemsOf(options)).toEqual([
      "option prot is unknown: remove it, or see the settings in the README",
    ]);
  });

  test("an unknown LIMIT_ variable is one, and other variables are not", () => {
    const environment = { ...REQUIRED, LIMIT_MESSAGES: "5", PATH: "/bin", LEX_UNKNOWN: "1" };
    const problems = problemsOf({}, environment);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^LIMIT_MESSAGES is unknown: the limits are LIMIT_SESSIONS_PER_/);
  });

  test("an identity secret that is one of the session secrets is one", () => {
    const sessionSecret = [OTHER_SECRET, SECRET];

    expect(problemsOf({ sessionSecret, identitySecret: SECRET })).toEqual([
      expect.stringMatching(/^IDENTITY_SECRET is one of SESSION_SECRET/),
    ]);
  });
});

describe("the branding", () => {
  const KEY = { LEXEY_MANAGEMENT_KEY: "lxm_key" };

  test.each([
    [{}, false],
    [{ BRANDING: "settings" }, false],
    [{ BRANDING: "managed" }, true],
  ])("under %j is the configuration agent's: %s", (environment, expected) => {
    const config = parseConfig({}, { ...REQUIRED, ...KEY, ...environment });

    expect(config.isBrandingManaged).toBe(expected);
  });

  test("is nobody's to ask for without a management key", () => {
    expect(problemsOf({ branding: "managed" })).toEqual([
      expect.stringMatching(/^BRANDING is "managed" without LEXEY_MANAGEMENT_KEY: set the key/),
    ]);
  });

  test("comes from one of two places", () => {
    expect(problemsOf({ branding: "both" }, { ...REQUIRED, ...KEY })).toEqual([
      'BRANDING is "both": use settings or managed',
    ]);
  });
});

describe("conversations that everybody shares", () => {
  const shared = { conversations: "shared" };

  test.each([
    [{ allowedOrigins: "https://example.com" }],
    [{ allowedOrigins: "*" }],
    [{ allowedOrigins: "http://localhost:3000", publicUrl: "https://chat.example.com" }],
  ])("need an identity secret with %j", (options) => {
    expect(problemsOf({ ...shared, ...options })).toEqual([
      expect.stringMatching(/^CONVERSATIONS is "shared" without IDENTITY_SECRET/),
    ]);
    expect(problemsOf({ ...shared, ...options, identitySecret: OTHER_SECRET })).toEqual([]);
  });

  test("need none while only localhost is allowed", () => {
    expect(problemsOf({ ...shared, allowedOrigins: "http://localhost:3000" })).toEqual([]);
  });
});

describe("some settings alone", () => {
  test("are read although others are missing or wrong", () => {
    const environment = { LEX_API_KEY: "lex2_key", PORT: "eighty" };
    expect(parseSettings(["lexApiKey", "agentName"], environment)).toEqual({
      lexApiKey: "lex2_key",
      agentName: null,
    });
  });

  test("are refused with all of their own problems", () => {
    const environment = { PORT: "eighty", INDEX_DAYS: "many", FEEDBACK: "maybe" };
    const read = (): unknown => parseSettings(["port", "indexDays"], environment);
    expect(read).toThrow(/PORT is "eighty": use a whole number.*\n.*INDEX_DAYS is "many"/s);
    expect(read).not.toThrow(/SESSION_SECRET|FEEDBACK/);
  });
});

describe("the platform alone", () => {
  test("is chosen as for the whole proxy", () => {
    const environment = { LEXEY_CUSTOMER_KEY: "lxc_key", LEXEY_URL: "http://127.0.0.1:4100" };
    expect(parsePlatform(environment)).toEqual({
      platform: "lexey",
      platformUrl: "http://127.0.0.1:4100",
      platformKey: "lxc_key",
    });
  });

  test.each([
    [{}, /LEX_API_KEY is not set/],
    [{ PLATFORM: "lexey" }, /LEXEY_CUSTOMER_KEY is not set/],
    [{ LEX_API_KEY: "lex2_key", LEXEY_CUSTOMER_KEY: "lxc_key" }, /PLATFORM is not set/],
    [{ PLATFORM: "lexy", LEX_API_KEY: "lex2_key" }, /PLATFORM is "lexy"/],
  ])("is refused for %j", (environment, problem) => {
    expect(() => parsePlatform(environment)).toThrow(problem);
  });
});
